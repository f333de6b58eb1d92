import { describe, expect, it } from "vitest"
import { emptySource } from "../form/source-values.ts"
import { draftOf } from "./draft-of.ts"
import { asType } from "./other-type.ts"

const list = "http://tv.example:8080/panel/get.php?username=ann&password=p%26w&type=m3u_plus"

describe("what is typed of a source", () => {
  const draft = (change: object) => draftOf({ ...emptySource, ...change })

  it.each([
    {},
    { url: "http://tv.example" },
    { url: "http://tv.example", username: "ann" },
    { url: "tv.example", username: "ann", password: "p" },
    { url: "http://tv.", username: "ann", password: "p" },
    { type: "m3u", url: "http://tv.example/list.m3u", username: "ann" },
  ])("is not tested while something is missing or wrong: %o", (change) => {
    expect(draft(change)).toBeNull()
  })

  it("is tested with what was given, and without what is empty", () => {
    expect(draft({ type: "m3u", url: ` ${list}` })).toEqual({ type: "m3u", url: list })
    const headers = [
      { name: "Referer", value: "x", isStored: false },
      { name: "Cookie", value: "", isStored: true },
    ]
    expect(draft({ url: "http://tv.example", username: "ann", password: "p", headers })).toEqual({
      ...{ type: "xtream", url: "http://tv.example", username: "ann", password: "p" },
      headers: { Referer: "x" },
    })
  })
})

describe("a provider as the other type", () => {
  const typed = { type: "m3u", url: list, username: "", password: "" } as const

  it("has server and login from its list's address", () => {
    expect(asType(typed, "xtream")).toEqual({
      ...{ type: "xtream", url: "http://tv.example:8080/panel", username: "ann", password: "p&w" },
    })
  })

  it("keeps a login that was typed apart", () => {
    const apart = { ...typed, username: "bob", password: "b" }
    expect(asType(apart, "xtream")).toMatchObject({ username: "bob", password: "b" })
  })

  it("is read without a login beside the one in the address", () => {
    const server = { type: "xtream", url: list, username: "ann", password: "x" } as const
    expect(asType(server, "m3u")).toEqual({ type: "m3u", url: list, username: "", password: "" })
    const bare = { ...server, url: "http://tv.example/list.m3u" }
    expect(asType(bare, "m3u")).toEqual({ ...bare, type: "m3u" })
  })
})
