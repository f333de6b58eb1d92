import { describe, expect, it } from "vitest"
import type { Locator } from "./entry.ts"
import { addressProblem, feedNeeds } from "./feed-needs.ts"

const url = (template: string): Locator => ({ kind: "url", template })

describe("what a feed needs of a profile", () => {
  it.each<[string, Locator, boolean, boolean]>([
    ["an Xtream stream", { kind: "xtream", streamId: "7", extension: "ts" }, true, true],
    ["an Xtream film", { kind: "xtream", type: "movie", streamId: "7", extension: "mkv" }, true, true],
    ["a path on the server", url("{server}/live/{username}/{password}/7.ts"), true, true],
    ["a query on the server", url("{server}/play?u={username}&p={password}&id=7"), true, true],
    ["a password only", url("{server}/play?token={password}"), true, true],
    ["a path on another server", url("http://cdn.example/{username}/{password}/7"), true, false],
    ["an address of the server without credentials", url("{server}/7.ts"), false, true],
    ["an address without anything", url("http://cdn.example/7.ts"), false, false],
    ["a server that is named within", url("http://cdn.example/?from={server}"), false, false],
    ["braces of its own", url("http://cdn.example/{user}/{name}"), false, false],
  ])("is told by its address: %s", (_, locator, login, server) => {
    expect(feedNeeds(locator)).toEqual({ login, server })
  })
})

describe("a feed's address", () => {
  const primary = { primary: true, hasLogin: true, ownServer: false }
  const bare = { primary: true, hasLogin: false, ownServer: false }
  const same = { primary: false, hasLogin: true, ownServer: false }
  const other = { primary: false, hasLogin: true, ownServer: true }
  const noLogin = { primary: false, hasLogin: false, ownServer: false }
  const problems = (login: boolean, server: boolean) =>
    [primary, bare, same, other, noLogin].map((profile) => addressProblem({ login, server }, profile))

  it("with credentials on the account's server is made for whoever has a login", () => {
    expect(problems(true, true)).toEqual([null, "no_login", null, null, "no_login"])
  })

  it("with credentials elsewhere is not made for an account on another server", () => {
    expect(problems(true, false)).toEqual([null, "no_login", null, "not_rebuildable", "no_login"])
  })

  it.each([true, false])(
    "without credentials is the primary profile's only (on the server: %j)",
    (server) => {
      const not = "not_rebuildable"
      expect(problems(false, server)).toEqual([null, null, not, not, not])
    },
  )
})
