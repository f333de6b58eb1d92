import { describe, expect, it } from "vitest"
import { sourcePatchSchema, sourceSchema, unnamedSourceSchema } from "../config/source-config.ts"
import { changeSource, newSource, type SourceChange } from "./change-source.ts"
import { type OpenSource, openSource } from "./source-record.ts"

const backup = { id: "b", name: "Backup", username: "bob", password: "second", url: "http://b.example" }
const panel = (options: object = {}) =>
  openSource(
    sourceSchema.parse({
      ...{ id: "acme", type: "xtream", url: "http://acme.example:8000", username: "ann", password: "first" },
      ...{ name: "Acme", maxStreams: 2, include: "sport", epgUrl: "http://guide.example/a.xml" },
      ...{ userAgent: "Own", headers: { Referer: "http://site.example/", Cookie: "c" }, profiles: [backup] },
      ...options,
    }),
    "file",
  )
const list = (url: string, options: object = {}) =>
  openSource(sourceSchema.parse({ id: "list", type: "m3u", url, ...options }), "api")

function done(change: SourceChange): OpenSource {
  if (!change.ok) throw new Error(change.message)
  return change.source
}
const change = (source: OpenSource, patch: object) =>
  done(changeSource(source, sourcePatchSchema.parse(patch)))
const refusal = (source: OpenSource, patch: object) => {
  const changed = changeSource(source, sourcePatchSchema.parse(patch))
  return changed.ok ? "not refused" : [changed.code, changed.message]
}
const add = (config: object, others: { id: string; order: number }[] = []) =>
  newSource(unnamedSourceSchema.parse({ type: "m3u", url: "http://list.example/a.m3u", ...config }), others)

describe("a source that is added", () => {
  it.each([
    [{ name: "Süd TV" }, "sud_tv"],
    [{ name: "Acme" }, "acme_2"],
    [{ name: "канал" }, "source_1"],
    [{}, "source_1"],
    [{ name: "Acme", id: "own" }, "own"],
  ])("%j has an id that tells its name, never its address: %s", (config, id) => {
    expect(done(add(config, [{ id: "acme", order: 1 }])).record.id).toBe(id)
  })

  it("has no other's id", () => {
    expect(add({ id: "acme" }, [{ id: "acme", order: 1 }])).toEqual({
      ...{ ok: false, code: "bad_request", message: 'id: "acme" is a duplicate' },
    })
  })

  it("comes last unless an order is given", () => {
    const others = [
      { id: "a", order: 3 },
      { id: "b", order: -1 },
    ]
    expect(done(add({}, others)).record.order).toBe(4)
    expect(done(add({})).record.order).toBe(1)
    expect(done(add({ order: 2 }, others)).record.order).toBe(2)
  })

  it("stays with its profiles when a configuration names it", () => {
    const { record, secret } = done(add({ profiles: [backup] }))
    expect(record).toMatchObject({
      origin: "api",
      profiles: [{ id: "primary" }, { id: "b", madeByApi: true }],
    })
    expect(secret.logins.b).toMatchObject({ username: "bob" })
  })
})

describe("a source that is changed", () => {
  it("keeps all that is not given", () => {
    expect(change(panel(), {})).toEqual(panel())
    const { record, secret } = change(panel(), { name: "New", live: false, order: -2, exclude: "adult" })
    expect(record).toEqual({ ...panel().record, name: "New", live: false, order: -2, exclude: "adult" })
    expect(secret).toEqual(panel().secret)
  })

  it("loses what is null", () => {
    const nothing = {
      name: null,
      maxStreams: null,
      include: null,
      epgUrl: null,
      userAgent: null,
      headers: null,
    }
    const { record, secret } = change(panel(), nothing)
    expect(Object.keys(record).filter((key) => key in nothing)).toEqual([])
    expect(record.profiles[0]).toMatchObject({ maxStreams: null, hasLogin: true })
    expect(new Set(Object.keys(secret))).toEqual(new Set(["logins", "url"]))
  })

  it.each(["url", "order", "enabled", "live", "vod", "series"])("cannot be without its %s", (key) => {
    expect(sourcePatchSchema.safeParse({ [key]: null }).success).toBe(false)
  })

  it("keeps what its profiles have, the primary's name and priority included", () => {
    const source = panel()
    const [primary, ...others] = source.record.profiles
    const renamed = [{ ...primary, name: "Main", priority: 4, enabled: false }, ...others] as typeof others
    const before = { ...source, record: { ...source.record, profiles: renamed } }
    const { record, secret } = change(before, { maxStreams: 5, url: "http://b.example" })
    expect(record.profiles).toEqual([
      { ...renamed[0], maxStreams: 5 },
      // The source's own server is that one now.
      { ...renamed[1], ownServer: false },
    ])
    expect(secret.logins.b).toEqual(before.secret.logins.b)
  })

  it("has its headers changed one by one, whatever their capitals", () => {
    const headers = { cookie: "new", Origin: "o" }
    expect(change(panel(), { headers }).secret.headers).toEqual({
      ...{ Referer: "http://site.example/", cookie: "new", Origin: "o" },
    })
    expect(change(panel(), { headers: { REFERER: null } }).secret.headers).toEqual({ Cookie: "c" })
    expect(change(panel(), { headers: { referer: null, cookie: null } }).secret.headers).toBeUndefined()
    expect(change(panel(), { headers: {} }).secret.headers).toEqual(panel().secret.headers)
  })
})

describe("the login of a source", () => {
  it("is the primary profile's", () => {
    const { secret } = change(panel(), { url: "http://new.example", password: "new" })
    expect(secret).toMatchObject({
      url: "http://new.example",
      logins: { primary: { url: null, username: "ann", password: "new" }, b: { username: "bob" } },
    })
  })

  it("cannot be taken from a panel, nor halved", () => {
    const missing = (key: string) => ["bad_request", `${key}: is missing: an xtream source needs it`]
    expect(refusal(panel(), { username: null, password: null })).toEqual(missing("username"))
    const half = (key: string) => ["bad_request", `${key}: is missing: a login is a username and a password`]
    const open = list("http://list.example/a.m3u")
    expect(refusal(open, { username: "ann" })).toEqual(half("password"))
    expect(refusal(open, { username: "ann", password: null })).toEqual(half("password"))
    expect(refusal(open, { username: null, password: "x" })).toEqual(half("username"))
  })

  it("goes from a list that needs none any more", () => {
    const closed = list("http://list.example/a.m3u", { username: "ann", password: "first" })
    const { record, secret } = change(closed, { username: null, password: null })
    expect(secret).toEqual({ url: "http://list.example/a.m3u", logins: {} })
    expect(record.profiles[0]?.hasLogin).toBe(false)
  })

  it("is the one that the list's address holds, when no other is given", () => {
    const url = "http://list.example/get.php?username=ann&password=first"
    const closed = list("http://list.example/a.m3u", { username: "zoe", password: "other" })
    const { record, secret } = change(closed, { url, username: null, password: null })
    expect(secret.logins.primary).toMatchObject({ username: "ann", password: "first" })
    expect(record.profiles[0]?.hasLogin).toBe(true)
    expect(change(list("http://list.example/a.m3u"), { url }).secret.logins.primary).toMatchObject({
      username: "ann",
    })
  })

  it("is followed by the guide's address, unless that is given", () => {
    const epgUrl = (login: string) => `http://acme.example/xmltv.php?${login}`
    const before = panel({ epgUrl: epgUrl("username=ann&password=first") })
    expect(change(before, { password: "new" }).secret.epgUrl).toBe(epgUrl("username=ann&password=new"))
    const other = "http://guide.example/b.xml"
    expect(change(before, { password: "new", epgUrl: other }).secret.epgUrl).toBe(other)
  })
})
