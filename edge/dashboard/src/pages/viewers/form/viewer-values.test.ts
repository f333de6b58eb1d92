import { changedViewerSchema, newViewerSchema, type ViewerRow } from "@tributary/shared/admin-api/viewers"
import { describe, expect, it } from "vitest"
import {
  changedViewerBody,
  emptyViewer,
  newViewerBody,
  type ViewerValues,
  valuesOf,
} from "./viewer-values.ts"

const row: ViewerRow = {
  ...{ username: "ann", maxStreams: 2, groups: ["News"], expiresAt: 1_800_000_012_345, enabled: true },
  ...{ whenFull: "replace", origin: "api", sessions: 0 },
}

describe("a new viewer", () => {
  it("without a password, a limit, groups and an expiry has none of them", () => {
    const body = newViewerBody({ ...emptyViewer, username: " ann " })
    expect(body).toEqual({
      ...{
        username: "ann",
        maxStreams: null,
        groups: null,
        expiresAt: null,
        enabled: true,
        whenFull: "refuse",
      },
    })
    expect(newViewerSchema.safeParse(body).success).toBe(true)
  })

  it("has what was typed, and groups only when not all are meant", () => {
    const typed: ViewerValues = { ...emptyViewer, username: "ann", password: " p ", maxStreams: 0 }
    expect(newViewerBody({ ...typed, groups: ["News"] })).toMatchObject({
      ...{ password: " p ", maxStreams: 0, groups: null },
    })
    expect(newViewerBody({ ...typed, allGroups: false })).toMatchObject({ groups: [] })
  })
})

describe("a change of a viewer", () => {
  const body = (change: Partial<ViewerValues>) =>
    changedViewerBody({ ...valuesOf(row), ...change }, valuesOf(row))

  it("is empty when nothing was typed, though the seconds of their expiry are not shown", () => {
    expect(body({})).toEqual({})
  })

  it("has what was changed, and null for what was emptied", () => {
    const change = body({ maxStreams: "", expiresAt: "", allGroups: true, password: "new" })
    expect(change).toEqual({ maxStreams: null, expiresAt: null, groups: null, password: "new" })
    expect(changedViewerSchema.safeParse(change).success).toBe(true)
  })
})
