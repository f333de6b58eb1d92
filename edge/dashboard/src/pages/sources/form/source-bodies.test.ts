import { changedSourceSchema, newSourceSchema, type SourceRow } from "@tributary/shared/admin-api/sources"
import { describe, expect, it } from "vitest"
import { changedSourceBody, newSourceBody } from "./source-bodies.ts"
import { emptySource, valuesOf } from "./source-values.ts"

const row: SourceRow = {
  ...{ id: "acme", name: "Acme", type: "xtream", origin: "api", url: "http://acme.example/…" },
  ...{ username: "u•••", password: "••••", maxStreams: 2, order: 1, enabled: true },
  ...{ live: true, vod: false, series: true, include: "news", exclude: null },
  ...{ epgUrl: "http://acme.example/…", userAgent: null, profiles: [] },
  headers: { Referer: "••••", Cookie: "••••" },
}
const typed = { type: "xtream", url: " http://acme.example ", username: "ann", password: " p " } as const

describe("a new source", () => {
  it("has what was typed and nothing that was left empty", () => {
    const body = newSourceBody({ ...emptySource, ...typed })
    expect(body).toEqual({
      ...{ type: "xtream", url: "http://acme.example", username: "ann", password: " p " },
      ...{ live: true, vod: true, series: true },
    })
    expect(newSourceSchema.safeParse(body).success).toBe(true)
  })

  it("has its limit, 0 too, and its headers", () => {
    const headers = [
      { name: " Referer ", value: "x", isStored: false },
      { name: "", value: "", isStored: false },
    ]
    expect(newSourceBody({ ...emptySource, ...typed, maxStreams: 0, headers })).toMatchObject({
      maxStreams: 0,
      headers: { Referer: "x" },
    })
    expect(newSourceBody({ ...emptySource, ...typed, headers: headers.slice(1) })).not.toHaveProperty(
      "headers",
    )
  })
})

describe("a change of a source", () => {
  const body = (change: object) => changedSourceBody({ ...valuesOf(row), ...change }, row)

  it("is empty when nothing was changed", () => {
    expect(body({})).toEqual({})
  })

  it("has only what was changed, and null for what was emptied", () => {
    const change = body({ name: "", include: "", userAgent: "x", maxStreams: "", vod: true })
    expect(change).toEqual({ name: null, include: null, userAgent: "x", maxStreams: null, vod: true })
    expect(changedSourceSchema.safeParse(change).success).toBe(true)
  })

  it("has secrets only when they were typed, and takes them away when that is asked for", () => {
    expect(body({ password: "new" })).toEqual({ password: "new" })
    expect(body({ withoutLogin: true, withoutEpgUrl: true })).toEqual({
      ...{ username: null, password: null, epgUrl: null },
    })
  })

  it("names the headers that are new, changed or gone, and no other", () => {
    const headers = [
      { name: "Referer", value: "", isStored: true },
      { name: "X-Key", value: "k", isStored: false },
    ]
    expect(body({ headers })).toEqual({ headers: { Cookie: null, "X-Key": "k" } })
    expect(body({ headers: [{ name: "Referer", value: "new", isStored: true }] })).toEqual({
      headers: { Cookie: null, Referer: "new" },
    })
  })
})
