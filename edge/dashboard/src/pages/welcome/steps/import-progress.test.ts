import { describe, expect, it } from "vitest"
import { importProgress } from "./import-progress.ts"

const done = { phase: "done", running: false, dueAt: null } as const
const failed = { ...done, phase: "failed" } as const

describe("the first import", () => {
  it("is done when the playlist has been made of it", () => {
    expect(importProgress(done, done)).toBe("done")
    expect(importProgress(done, { ...done, running: true })).toBe("underway")
    expect(importProgress(done, { ...done, dueAt: 0 })).toBe("underway")
    expect(importProgress(done, undefined)).toBe("underway")
  })

  it("has failed only until it is to run again", () => {
    expect(importProgress(failed, done)).toBe("failed")
    expect(importProgress({ ...failed, dueAt: 0 }, done)).toBe("underway")
    expect(importProgress({ ...failed, running: true }, done)).toBe("underway")
    expect(importProgress({ ...failed, dueAt: 1_000 }, done)).toBe("failed")
  })

  it("is underway before anything is known of it", () => {
    expect(importProgress(undefined, done)).toBe("underway")
    expect(importProgress({ ...done, phase: "waiting" }, done)).toBe("underway")
  })
})
