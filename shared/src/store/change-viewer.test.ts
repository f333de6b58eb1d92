import { describe, expect, it } from "vitest"
import { viewerSchema } from "../config/viewer-config.ts"
import { addViewer, changeViewer, removeViewer } from "./change-viewer.ts"
import type { ViewerRecord } from "./records.ts"
import { viewerRecord } from "./viewer-record.ts"

const password = { check: "check", sealedPassword: "sealed" }
const { password: _, ...open } = viewerSchema.parse({ username: "ann", password: "p" })
const ann: ViewerRecord = viewerRecord(
  { ...open, maxStreams: 2, groups: ["Sport"], expiresAt: "2030-01-01T00:00:00Z" },
  password,
  "file",
)
const absent = { ok: false, code: "not_found", message: 'There is no viewer "bob".' }

describe("a viewer", () => {
  it("is added once, as the admin API's own", () => {
    expect(addViewer(null, open, password)).toEqual({
      ok: true,
      record: { ...open, ...password, expiresAt: null, origin: "api" },
    })
    expect(addViewer(ann, open, password)).toEqual({
      ...{ ok: false, code: "conflict", message: 'username: there is a viewer "ann" already' },
    })
  })

  it("is changed in what is given, and in nothing else", () => {
    const change = (patch: Parameters<typeof changeViewer>[2], next: typeof password | null = null) =>
      changeViewer(ann, "ann", patch, next)
    expect(change({})).toEqual({ ok: true, record: ann })
    expect(change({ maxStreams: undefined, enabled: false })).toEqual({
      ...{ ok: true, record: { ...ann, enabled: false } },
    })
    expect(change({ maxStreams: null, groups: null, expiresAt: null })).toEqual({
      ...{ ok: true, record: { ...ann, maxStreams: null, groups: null, expiresAt: null } },
    })
    expect(change({ expiresAt: "2031-01-01T01:00:00+01:00", whenFull: "replace" })).toEqual({
      ...{ ok: true, record: { ...ann, expiresAt: Date.UTC(2031, 0, 1), whenFull: "replace" } },
    })
    const other = { check: "other", sealedPassword: "other sealed" }
    expect(change({ password: "not stored" }, other)).toEqual({ ok: true, record: { ...ann, ...other } })
    expect(change({ username: "ann" })).toEqual({ ok: true, record: ann })
  })

  it("keeps their name, which players have in their addresses", () => {
    expect(changeViewer(ann, "ann", { username: "anna" }, null)).toEqual({
      ...{ ok: false, code: "bad_request", message: "username: cannot be changed" },
    })
  })

  it("who stands in while none is configured is configured by a change", () => {
    const changed = changeViewer({ ...ann, origin: "demo" }, "ann", { maxStreams: 3 }, null)
    expect(changed).toMatchObject({ ok: true, record: { origin: "api", maxStreams: 3 } })
  })

  it("who is not there is neither changed nor removed", () => {
    expect(changeViewer(null, "bob", {}, null)).toEqual(absent)
    expect(removeViewer(null, "bob")).toEqual(absent)
    expect(removeViewer(ann, "ann")).toEqual({ ok: true, record: null })
  })
})
