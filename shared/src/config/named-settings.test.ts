import { describe, expect, it } from "vitest"
import { describeIssue } from "./describe-issue.ts"
import { namedSettings, settingsPatchSchema } from "./named-settings.ts"

describe("a change of settings", () => {
  it("is kept as it was written, with null for what goes back to its default", () => {
    const patch = { poolGrace: "90s", maxRetries: null, debug: "true" }
    expect(settingsPatchSchema.parse(patch)).toEqual(patch)
  })

  it.each([
    [{ poolGrace: 5 }, "poolGrace: must be a duration such as 30m, 5s or 12h"],
    [{ groupBy: "x" }, 'groupBy: must be "name", "tvg-id" or "quality"'],
    [{ nothing: 1 }, "nothing: unknown key"],
    [{ nothing: null }, "nothing: unknown key"],
    [{ maxRetries: 1, stallTimeout: "0s" }, "stallTimeout: must be at least 0.1s"],
    [[], 'must be an object, like {"key": …}'],
  ])("is refused with the same words as a file's: %j", (patch, message) => {
    const { error } = settingsPatchSchema.safeParse(patch)
    expect(error && describeIssue(error)).toBe(message)
    const inFile = Array.isArray(patch)
      ? patch
      : Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== null))
    if (Object.keys(inFile).length > 0) {
      const { error: ofFile } = namedSettings.safeParse(inFile)
      expect(ofFile && describeIssue(ofFile)).toBe(message)
    }
  })
})
