import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { groupKey, normaliseName, withoutQuality } from "./group-key.ts"

fc.configureGlobal({ seed: 20_261_003 })

const text = fc.string({ unit: "binary" })

describe("normaliseName", () => {
  it.each([
    ["composed and decomposed letters", "Caf\u00e9 24", "Cafe\u0301 24"],
    ["Hangul syllables and their letters", "\ud55c\uad6d", "\u1112\u1161\u11ab\u1100\u116e\u11a8"],
    ["full-width letters", "\uff22\uff22\uff23\u3000\uff11", "BBC 1"],
    ["half-width katakana", "\uff8c\uff7c\uff9e\uff83\uff9a\uff8b\uff9e", "フジテレビ"],
    ["upper and lower case", "ZDF neo", "zdf NEO"],
    ["ß and ss", "Straße TV", "STRASSE tv"],
    ["the capital ẞ and ss", "STRAẞE TV", "strasse tv"],
    ["a dotless i and I", "KANAL ISI", "kanal ısı"],
    ["sigmas, also where a space ended the word", "ΚΟΣΜΟΣ HD", "κοσμοσhd"],
    ["all kinds of spaces", "Das Erste", "Das\u00a0Er\u2009st\u3000e "],
    ["no spaces", "Das Erste", "DasErste"],
    [
      "zero-width characters, joiners and marks of direction",
      "Das Erste",
      "\ufeffDas\u200b \u200eEr\u00adst\u2060e\u200d",
    ],
    ["emoji variations", "Sport \u26bd", "Sport \u26bd\ufe0f"],
    ["control characters", "Das Erste", "Das\tErste\u0000\u007f"],
    ["ligatures and superscripts", "Office ᴴᴰ", "O\ufb03ce HD"],
  ])("joins %s", (_, one, other) => {
    expect(normaliseName(one)).toBe(normaliseName(other))
  })

  it.each([
    ["circled letters, which lists append as remarks", "Sport Ⓢ", "Sports"],
    ["different circled letters", "News Ⓖ", "News Ⓨ"],
    ["circled numbers", "Kanal ①", "Kanal 1"],
    ["accents", "Télé", "Tele"],
    ["a dotted capital İ", "İz TV", "Iz TV"],
    ["plus signs", "Canal+", "Canal"],
  ])("keeps %s apart", (_, one, other) => {
    expect(normaliseName(one)).not.toBe(normaliseName(other))
  })

  it("still folds everything around a circled letter", () => {
    expect(normaliseName("\uff22\uff22\uff23 Caf\u00e9 ⓢ")).toBe(normaliseName("bbc cafe\u0301Ⓢ"))
  })

  it("changes nothing any more when it is applied again", () => {
    fc.assert(
      fc.property(text, (name) => {
        const once = normaliseName(name)
        expect(normaliseName(once)).toBe(once)
      }),
      { numRuns: 2000 },
    )
  })

  it("does not depend on the form or the spaces of a name", () => {
    fc.assert(
      fc.property(text, text, (one, two) => {
        const name = `${one} ${two}`
        expect(normaliseName(name.normalize("NFD"))).toBe(normaliseName(name))
        expect(normaliseName(` ${one}\u00a0\u200b ${two}\t`)).toBe(normaliseName(name))
      }),
      { numRuns: 1000 },
    )
  })
})

describe("withoutQuality", () => {
  it.each([
    "Sport HD",
    "Sport FHD",
    "Sport UHD",
    "Sport 4K",
    "Sport SD",
    "Sport hevc",
    "Sport H.265",
    "Sport 1080p",
    "Sport 720P 50fps",
    "Sport FHD HEVC",
    "Sport [HD]",
    "Sport (1080i)",
    "Sport {HD}",
    "Sport | HD",
    "Sport: HD",
    "Sport - 4K",
    "Sport_HD",
    "HD: Sport",
    "|UHD| Sport",
    "4K | Sport",
    "Sport ᴴᴰ",
    "Sport\u00a0HD",
  ])("finds Sport in %j", (name) => {
    expect(withoutQuality(name)).toBe("Sport")
  })

  it.each(["HD", "4K UHD", "HDTV", "Sport1080", "Shades", "Sport (East)", "UK | News", "Sport -", "[Adult]"])(
    "leaves %j as it is",
    (name) => {
      expect(withoutQuality(name)).toBe(name)
    },
  )

  it("takes a tag out of the middle", () => {
    const same = (one: string, other: string) =>
      expect(normaliseName(withoutQuality(one))).toBe(normaliseName(other))
    same("Sport HD East", "Sport East")
    same("Sport_HD_East", "Sport_East")
    same("UK: Sport FHD (East)", "UK: Sport (East)")
  })
})

describe("groupKey", () => {
  const by = (groupBy: "name" | "tvg-id" | "quality", name: string, tvgId?: string) =>
    groupKey(groupBy, { name, tvgId })

  it("groups by name, whatever the tvg-id", () => {
    expect(by("name", "BBC One", "a")).toBe(by("name", "bbc one", "b"))
    expect(by("name", "BBC One", "a")).not.toBe(by("name", "BBC Two", "a"))
    expect(by("name", "BBC One HD")).not.toBe(by("name", "BBC One"))
  })

  it("groups by tvg-id, whatever the name", () => {
    expect(by("tvg-id", "BBC One", "bbc1.uk")).toBe(by("tvg-id", "BBC 1 HD", " BBC1.uk "))
    expect(by("tvg-id", "BBC One", "bbc1.uk")).not.toBe(by("tvg-id", "BBC One", "bbc2.uk"))
  })

  it.each([undefined, "", " "])("falls back to the name when the tvg-id is %j", (tvgId) => {
    expect(by("tvg-id", "BBC One", tvgId)).toBe(by("tvg-id", "bbc one"))
    expect(by("tvg-id", "BBC One", tvgId)).not.toBe(by("tvg-id", "BBC Two", tvgId))
  })

  it("groups qualities of one channel", () => {
    expect(by("quality", "BBC One FHD", "a")).toBe(by("quality", "BBC ONE (4K)", "b"))
  })

  it("keeps channels whose names nobody can see apart", () => {
    expect(by("name", "\u200b")).not.toBe(by("name", "\u200d"))
    expect(by("name", " ")).not.toBe("")
  })
})
