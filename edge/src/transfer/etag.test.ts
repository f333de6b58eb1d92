import { describe, expect, it } from "vitest"
import { matchedTag, tagsOf } from "./etag.ts"

describe("tags", () => {
  it("differ between encodings, and with all that the content depends on", async () => {
    const tags = [await tagsOf(["a", 1]), await tagsOf(["a", 2]), await tagsOf(["a", [1]])]
    expect(new Set(tags.flatMap(({ identity, gzip }) => [identity, gzip])).size).toBe(6)
    expect(await tagsOf(["a", 1])).toEqual(tags[0])
  })
})

describe("If-None-Match", () => {
  const [own, other] = ['"x-gz"', '"x"']

  it.each([
    [undefined, null],
    ["", null],
    ['"y"', null],
    ['"x', null],
    ["x-gz", null],
    ['"x-gz"', own],
    ['W/"x-gz"', own],
    ['"y", W/"x-gz"', own],
    ["*", own],
    ['"x"', other],
    ['"x", "x-gz"', own],
  ])("%s names %s", (header, tag) => {
    expect(matchedTag(header, own, other)).toBe(tag)
  })
})
