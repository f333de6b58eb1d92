import type { ImportRow } from "@tributary/shared/admin-api/imports"
import { describe, expect, it } from "vitest"
import { guideJobs, jobInWords } from "./guide-jobs.ts"

const job = (more: Partial<ImportRow>): ImportRow => ({
  ...{ id: "guide:*", kind: "guide", source: null, phase: "done", startedAt: 1, endedAt: 2, durationMs: 1 },
  ...{ bytes: 0, entries: 1_344, keptEntries: 0, error: null, problems: [], dueAt: null, running: false },
  ...more,
})

describe("the imports of guides", () => {
  it("are those of guides of their own and those of sources, and no others", () => {
    const all = [job({ kind: "source", source: "acme" }), job({ source: "acme", id: "guide:acme" }), job({})]
    const { own, ofSources } = guideJobs(all)
    expect(own?.id).toBe("guide:*")
    expect(ofSources.map(({ id }) => id)).toEqual(["guide:acme"])
    expect(guideJobs([]).own).toBeNull()
  })

  it("say how they went", () => {
    expect(jobInWords(job({ endedAt: 60_000 }), 360_000)).toBe("1,344 programmes, 5 min ago")
    expect(jobInWords(job({ running: true, phase: "fetching", entries: 7 }), 0)).toBe(
      "Being read: 7 programmes so far",
    )
    expect(jobInWords(job({ phase: "failed", endedAt: 60_000 }), 360_000)).toBe("Failed, 5 min ago")
    expect(jobInWords(job({ phase: "waiting", endedAt: null }), 0)).toBe("Not read yet")
  })
})
