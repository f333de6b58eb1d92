import type { ImportRow } from "@tributary/shared/admin-api/imports"
import { describe, expect, it } from "vitest"
import { publicationOf } from "./publication.ts"

const now = 1_800_000_000_000
const job = (change: Partial<ImportRow>): ImportRow => ({
  id: "publish",
  kind: "publish",
  source: null,
  phase: "done",
  startedAt: now - 2_000,
  endedAt: now - 1_000,
  durationMs: 1_000,
  bytes: 0,
  entries: 0,
  keptEntries: 0,
  error: null,
  problems: [],
  dueAt: null,
  running: false,
  ...change,
})

describe("the publication of changes", () => {
  it("is waited for while it is due or runs", () => {
    expect(publicationOf([job({ dueAt: 0 })], now)).toEqual({ kind: "waiting" })
    expect(publicationOf([job({ running: true, phase: "rendering" })], now)).toEqual({ kind: "waiting" })
  })

  it("is settled when it is done, due at another time only, or was never asked for", () => {
    for (const imports of [
      [job({})],
      [job({ dueAt: now + 60_000 })],
      [job({ kind: "source", running: true })],
      [],
    ])
      expect(publicationOf(imports, now)).toEqual({ kind: "settled" })
  })

  it("says why it failed", () => {
    const error = { code: "no_space", message: "There is no space." }
    expect(publicationOf([job({ phase: "failed", error })], now)).toEqual({
      kind: "failed",
      reason: "There is no space.",
    })
  })
})
