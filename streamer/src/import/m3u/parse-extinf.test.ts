import { describe, expect, it } from "vitest"
import { parseExtinf } from "./parse-extinf.ts"

const attributesOf = (line: string) => parseExtinf(line).attributes
const nameOf = (line: string) => parseExtinf(line).name

describe("the name of an #EXTINF line", () => {
  it.each([
    ["#EXTINF:-1,Name", "Name"],
    ["#EXTINF:-1 ,Name", "Name"],
    ["#EXTINF:0, Name ", "Name"],
    ["#EXTINF:10.5,Name", "Name"],
    ["#EXTINF: -1,Name", "Name"],
    ["#EXTINF:,Name", "Name"],
    ["#extinf:-1,Name", "Name"],
    ["#EXTINF:-1,News, Weather", "News, Weather"],
    ["#EXTINF:-1,,Name", ",Name"],
    ['#EXTINF:-1 tvg-name="a, b",News, "Weather" and = more', 'News, "Weather" and = more'],
    ['#EXTINF:-1 tvg-id="x",Film a="b"', 'Film a="b"'],
    ["#EXTINF:-1 tvg-id=x,Name", "Name"],
    ["#EXTINF:-1", ""],
    ["#EXTINF:-1,", ""],
    ['#EXTINF:-1 tvg-id="x"', ""],
    ["#EXTINF:-1 24 Kitchen", "24 Kitchen"],
    ['#EXTINF:-1 tvg-id="x" My Channel', "My Channel"],
  ])("of %j is %j", (line, name) => expect(nameOf(line)).toBe(name))
})

describe("the attributes of an #EXTINF line", () => {
  it("are kept in their order, unknown and repeated ones included", () => {
    expect(attributesOf('#EXTINF:-1 b="2" x-Unknown="?" a="1" tvg:id="c" b="3",Name')).toEqual([
      ["b", "2"],
      ["x-Unknown", "?"],
      ["a", "1"],
      ["tvg:id", "c"],
      ["b", "3"],
    ])
  })

  it.each([
    [
      "commas",
      'group-title="News, Weather" b="c, d"',
      [
        ["group-title", "News, Weather"],
        ["b", "c, d"],
      ],
    ],
    [
      "no quotes",
      "tvg-id=abc tvg-logo=http://h/l.png?a=b",
      [
        ["tvg-id", "abc"],
        ["tvg-logo", "http://h/l.png?a=b"],
      ],
    ],
    [
      "nothing in them",
      'tvg-id="" tvg-name= b="c"',
      [
        ["tvg-id", ""],
        ["tvg-name", ""],
        ["b", "c"],
      ],
    ],
    [
      "no space between them",
      'tvg-id="a"tvg-name="b"',
      [
        ["tvg-id", "a"],
        ["tvg-name", "b"],
      ],
    ],
    [
      "spaces, tabs and equals signs",
      'a=" x = y "\t b="p=q&r=s"',
      [
        ["a", " x = y "],
        ["b", "p=q&r=s"],
      ],
    ],
    [
      "stray quotes",
      'tvg-name="The "Best" Show" b="c"',
      [
        ["tvg-name", 'The "Best" Show'],
        ["b", "c"],
      ],
    ],
    [
      "a stray quote in the last one",
      'a="b" tvg-name="6" Records"',
      [
        ["a", "b"],
        ["tvg-name", '6" Records'],
      ],
    ],
    [
      "a missing quote",
      'tvg-id="abc group-title="News, World" b="c"',
      [
        ["tvg-id", "abc"],
        ["group-title", "News, World"],
        ["b", "c"],
      ],
    ],
    [
      "a missing quote in an empty one",
      'tvg-id=" group-title="News"',
      [
        ["tvg-id", ""],
        ["group-title", "News"],
      ],
    ],
    [
      "a missing quote in the last one",
      'a="b" tvg-name="News',
      [
        ["a", "b"],
        ["tvg-name", "News"],
      ],
    ],
    [
      "junk between",
      'a="b" ### junk c="d"',
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    ["junk at the end", 'a="b" junk', [["a", "b"]]],
    [
      "an equals sign before the quote",
      'a="x y=" c="d"',
      [
        ["a", "x y="],
        ["c", "d"],
      ],
    ],
  ])("survive %s", (_what, attributes, expected) => {
    expect(parseExtinf(`#EXTINF:-1 ${attributes},The Name`)).toEqual({
      attributes: expected,
      name: "The Name",
    })
  })

  it("follow the duration without a space", () =>
    expect(parseExtinf('#EXTINF:-1tvg-id="a",N')).toEqual({ attributes: [["tvg-id", "a"]], name: "N" }))
})

describe("a line of a megabyte", () => {
  const million = 1024 ** 2
  it.each([
    ["spaces", `#EXTINF:-1 ${" ".repeat(million)}"`],
    ["quotes", `#EXTINF:-1 a="${'"'.repeat(million)}`],
    ["quotes and spaces", `#EXTINF:-1 a="${'" '.repeat(million / 2)}`],
    ["opening quotes", `#EXTINF:-1 a="${' b="'.repeat(million / 4)}`],
    ["a word", `#EXTINF:-1 ${"x".repeat(million)}`],
    ["equals signs", `#EXTINF:-1 ${"=".repeat(million)}`],
    ["attributes", `#EXTINF:-1 ${'a="b" '.repeat(million / 6)},N`],
    ["a value of spaces", `#EXTINF:-1 a="x"${" ".repeat(million)}y"z`],
  ])("of %s is read in linear time", (_what, line) => {
    const startedAt = performance.now()
    parseExtinf(line)
    // Quadratic work on so much takes minutes.
    expect(performance.now() - startedAt).toBeLessThan(2000)
  })

  it("keeps a long value and a long name whole", () => {
    const picture = `data:image/png;base64,${"A".repeat(million)}`
    const name = "N".repeat(million)
    expect(parseExtinf(`#EXTINF:-1 tvg-logo="${picture}" a="b",${name}`)).toEqual({
      attributes: [
        ["tvg-logo", picture],
        ["a", "b"],
      ],
      name,
    })
  })
})
