import { describe, expect, it } from "vitest"
import { fieldErrorOf, nearestField } from "./field-error.ts"

describe("an error of the API", () => {
  it.each([
    ["maxStreams: must be at least 0", "maxStreams", "must be at least 0"],
    [
      "profiles[0].url: must be an http:// or https:// URL",
      "profiles[0].url",
      "must be an http:// or https:// URL",
    ],
    ['arguments: has "-i": a: b', "arguments", 'has "-i": a: b'],
    ["headers.X-Api-Key: must be a text", "headers.X-Api-Key", "must be a text"],
  ])("%s stands beside %s", (message, field, reason) => {
    expect(fieldErrorOf(message)).toEqual({ field, reason })
  })

  it.each(["The body is not JSON.", "There is no source: sorry", "must be an object"])(
    "%s stands beside none",
    (message) => {
      expect(fieldErrorOf(message)).toEqual({ field: null, reason: message })
    },
  )
})

describe("the field it is shown at", () => {
  const shown = new Set(["groups", "video.height", "name"])
  it.each([
    ["name", "name"],
    ["groups[3]", "groups"],
    ["groups[3].name", "groups"],
    ["video.height", "video.height"],
    ["video.bitrate", null],
    ["namesake", null],
    ["groups.", "groups"],
    ["groups.a[b", "groups"],
    ["groups.a b.c", "groups"],
  ])("of %s is %s", (field, nearest) => {
    expect(nearestField(field, shown)).toBe(nearest)
  })
})
