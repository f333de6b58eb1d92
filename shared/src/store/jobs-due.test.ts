import { describe, expect, it } from "vitest"
import { sourcePatchSchema, sourceSchema } from "../config/source-config.ts"
import { changeSource } from "./change-source.ts"
import { jobsDue } from "./jobs-due.ts"
import { type OpenSource, openSource } from "./source-record.ts"

const login = { username: "ann", password: "first" }
const source = (options: object = {}) =>
  openSource(
    sourceSchema.parse({ id: "acme", type: "xtream", url: "http://acme.example", ...login, ...options }),
    "api",
  )

function due(before: OpenSource, patch: object): string[] {
  const changed = changeSource(before, sourcePatchSchema.parse(patch))
  if (!changed.ok) throw new Error(changed.message)
  return jobsDue(before, changed.source)
}

describe("what is due with a change of a source", () => {
  it.each([
    [{ url: "http://new.example" }, ["acme"]],
    [{ username: "eve" }, ["acme"]],
    [{ password: "new" }, ["acme"]],
    [{ include: "sport" }, ["acme"]],
    [{ exclude: "sport" }, ["acme"]],
    [{ live: false }, ["acme"]],
    [{ vod: false }, ["acme"]],
    [{ series: false }, ["acme"]],
    [{ userAgent: "Own" }, ["acme"]],
    [{ headers: { Referer: "r" } }, ["acme"]],
    [{ epgUrl: "http://guide.example/a.xml" }, ["guide:acme"]],
    [{ epgUrl: "http://guide.example/a.xml", live: false }, ["acme"]],
    [{ order: 7 }, ["*"]],
    [{ order: 7, include: "sport" }, ["acme", "*"]],
    [{ enabled: false }, ["*"]],
    [{ enabled: false, url: "http://new.example" }, ["*"]],
    [{ name: "New", maxStreams: 3 }, []],
    [{}, []],
  ])("%j: %j", (patch, jobs) => {
    expect(due(source(), patch)).toEqual(jobs)
  })

  it("is the list of one that may be named for its source", () => {
    expect(due(source({ type: "m3u" }), { name: "New" })).toEqual(["acme"])
  })

  it("is all that a source has, and its list, when it is enabled", () => {
    expect(due(source({ enabled: false }), { enabled: true })).toEqual(["acme", "*"])
  })

  it("is nothing while it is disabled", () => {
    expect(due(source({ enabled: false }), { url: "http://new.example", order: 7 })).toEqual([])
  })

  it("is the list of a new one that is enabled", () => {
    expect(jobsDue(null, source())).toEqual(["acme"])
    expect(jobsDue(null, source({ enabled: false }))).toEqual([])
  })
})
