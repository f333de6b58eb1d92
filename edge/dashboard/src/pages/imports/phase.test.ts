import type { ImportRow } from "@tributary/shared/admin-api/imports"
import { describe, expect, it } from "vitest"
import { phaseWords, progressOf } from "./phase.ts"

const job = (more: Partial<ImportRow>): ImportRow => ({
  ...{ id: "acme", kind: "source", source: "acme", phase: "done", startedAt: 1, endedAt: 2, durationMs: 1 },
  ...{ bytes: 0, entries: 0, keptEntries: 0, error: null, problems: [], dueAt: null, running: false },
  ...more,
})

describe("a job", () => {
  it("that waits says for what", () => {
    expect(phaseWords(job({ phase: "waiting", dueAt: 0 }))).toBe("Waits for a streamer")
    expect(phaseWords(job({ phase: "fetching", dueAt: 5 }))).toBe("Waiting")
    expect(phaseWords(job({ phase: "fetching", running: true }))).toBe("Reading")
    expect(phaseWords(job({ phase: "failed" }))).toBe("Failed")
  })

  it("shows how far it is by what the last one had", () => {
    const reading = { running: true, phase: "fetching" } as const
    expect(progressOf(job({ ...reading, entries: 500, keptEntries: 1_000 }))).toBe(40)
    expect(progressOf(job({ ...reading, entries: 5_000, keptEntries: 1_000 }))).toBe(80)
    expect(progressOf(job({ ...reading, entries: 500 }))).toBeNull()
    expect(progressOf(job({ running: true, phase: "publishing" }))).toBe(96)
    expect(progressOf(job({}))).toBe(100)
    expect(progressOf(job({ phase: "failed" }))).toBeNull()
  })
})
