import type { ViewerRow } from "@tributary/shared/admin-api/viewers"
import { describe, expect, it } from "vitest"
import { groupsInWords, matching, sessionsInWords, stateOf } from "./viewer-words.ts"

const viewer = (change: Partial<ViewerRow>): ViewerRow => ({
  ...{ username: "ann", maxStreams: null, groups: null, expiresAt: null, enabled: true },
  ...{ whenFull: "refuse", origin: "api", sessions: 1 },
  ...change,
})

describe("a viewer", () => {
  it("is expired from the moment of their expiry, and disabled whenever that is", () => {
    expect(stateOf(viewer({ expiresAt: 1_000 }), 999)).toBe("enabled")
    expect(stateOf(viewer({ expiresAt: 1_000 }), 1_000)).toBe("expired")
    expect(stateOf(viewer({ expiresAt: 1_000, enabled: false }), 1_000)).toBe("disabled")
    expect(stateOf(viewer({}), 1_000)).toBe("enabled")
  })

  it("has as many sessions as there may be, where there is a limit", () => {
    expect(sessionsInWords(viewer({ maxStreams: 2 }))).toBe("1 / 2")
    expect(sessionsInWords(viewer({ maxStreams: 0 }))).toBe("1")
    expect(sessionsInWords(viewer({}))).toBe("1")
  })

  it("has groups that are told in a few words", () => {
    expect(groupsInWords(viewer({}))).toBe("All")
    expect(groupsInWords(viewer({ groups: [] }))).toBe("None")
    expect(groupsInWords(viewer({ groups: ["A", "B", "C"] }))).toBe("A, B, C")
    expect(groupsInWords(viewer({ groups: ["A", "B", "C", "D", "E"] }))).toBe("A, B, C and 2 more")
  })

  it("is found by a part of their name", () => {
    const both = [viewer({ username: "Ann" }), viewer({ username: "bob" })]
    expect(matching(both, " AN ").map(({ username }) => username)).toEqual(["Ann"])
    expect(matching(both, " ")).toHaveLength(2)
  })
})
