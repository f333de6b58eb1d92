import { describe, expect, it } from "vitest"
import { healthInWords, passedOverInWords } from "./feed-health.ts"

const now = 1_800_000_000_000

describe("a feed's health in words", () => {
  it("is nothing while it does not fail", () => {
    expect(healthInWords(null, now)).toBeNull()
    expect(healthInWords(undefined, now)).toBeNull()
    expect(healthInWords({ failures: 0, blocks: 1, blockedUntil: now - 1 }, now)).toBeNull()
  })

  it("says how long it is blocked, and no longer than that", () => {
    const health = { failures: 5, blocks: 1, blockedUntil: now + 180_000 }
    expect(healthInWords(health, now)).toBe("Blocked for 3 min more, after 5 failures")
    expect(healthInWords(health, now + 180_000)).toBe("Failing: 5 failures since it last opened")
    expect(healthInWords({ ...health, failures: 1 }, now)).toBe("Blocked for 3 min more, after 1 failure")
  })
})

describe("a profile that is passed over", () => {
  it.each([
    ["no_login", "Profile two cannot open it: it has no login of its own"],
    ["not_rebuildable", "Profile two cannot open it: the feed's address cannot be made with its login"],
    ["new_reason", "Profile two cannot open it: new_reason"],
  ])("for %s", (reason, words) => {
    expect(passedOverInWords({ profile: "two", reason })).toBe(words)
  })
})
