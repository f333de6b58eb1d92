import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { slug } from "./slug.ts"

fc.configureGlobal({ seed: 20_261_003 })

describe("slug", () => {
  it.each([
    ["Sports", "sports"],
    ["UK | News & Weather", "uk-news-weather"],
    ["  Café Français  ", "cafe-francais"],
    ["Ελλάδα", "ελλαδα"],
    ["Россия Й", "россия-й"],
    ["हिन्दी", "हिन्दी"],
    ["ガンダム", "ガンダム"],
    ["한국", "한국"],
    ["İstanbul", "istanbul"],
    ["\uff33\uff30\uff2f\uff32\uff34", "sport"],
    ["a/b?c#d%e", "a-b-c-d-e"],
    ["../..", "group"],
    ["⚽", "group"],
    ["", "group"],
  ])("makes of %j %j", (name, expected) => {
    expect(slug(name)).toBe(expected.normalize("NFC"))
  })

  it("is one path segment, and stays the same when it is made again", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        const made = slug(name)
        expect(made).toMatch(/^[\p{L}\p{M}\p{N}]+(?:-[\p{L}\p{M}\p{N}]+)*$/u)
        expect(made).not.toMatch(/\p{Lu}/u)
        expect(slug(made)).toBe(made)
      }),
      { numRuns: 2000 },
    )
  })
})
