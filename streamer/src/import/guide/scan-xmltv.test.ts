import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { at, channel, programme, xmltv } from "./guide-fixture.ts"
import { readPieces, readText } from "./read-guide-fixture.ts"

fc.configureGlobal({ seed: 20_261_121 })

const titles = (text: string) => readText(text).programmes.map(({ title }) => title)

describe("finding a guide's elements", () => {
  it("finds channels and programmes in any order, packed or spread over lines", () => {
    const text = xmltv(`${programme("b", 0, "One")}\n${channel("a", "A")}
      <programme\n start="${at(60)}"\tstop='${at(120)}'\n channel=c >\n<title>Two</title></programme\n>`)
    const { channels, programmes } = readText(text)
    expect(channels).toEqual([{ id: "a", names: ["A"], icon: "" }])
    expect(programmes.map((p) => [p.channel, p.title])).toEqual([
      ["b", "One"],
      ["c", "Two"],
    ])
  })

  it("does not take what is commented out, nor ends that stand in comments and CDATA", () => {
    const hidden = `<!-- ${programme("a", 0, "Hidden")} -->`
    const inner =
      "<desc><![CDATA[ </programme> <programme> ]]></desc><!-- </programme> --><category>C</category>"
    expect(titles(xmltv(hidden + programme("a", 0, "Seen", 60, inner) + programme("a", 60, "Next")))).toEqual(
      ["Seen", "Next"],
    )
    expect(readText(xmltv(programme("a", 0, "Seen", 60, inner))).programmes[0]?.body).toContain("<category>")
  })

  it("goes on at the next programme when one has no end", () => {
    const broken = programme("a", 0, "Open").replace("</programme>", "")
    expect(titles(xmltv(broken + programme("a", 60, "Next")))).toEqual(["Open", "Next"])
    expect(titles(xmltv(broken + channel("a", "A") + broken))).toEqual(["Open", "Open"])
    expect(titles(xmltv(`<!-- never closed ${programme("a", 60, "Next")}`))).toEqual(["Next"])
    const openCdata = programme("a", 0, "Lost", 60, "<desc><![CDATA[ never closed</desc>")
    expect(titles(xmltv(openCdata + programme("a", 60, "Next")))).toEqual(["Next"])
  })

  it("goes on behind a quote that was left open", () => {
    const broken = programme("a", 0, "Open").replace('channel="a"', 'channel="a')
    expect(titles(xmltv(broken + programme("a", 60, "Next")))).toEqual(["Open", "Next"])
  })

  it("does not take other elements for its own", () => {
    expect(titles(xmltv("<programmes></programmes><channels/><programme-x></programme-x>"))).toEqual([])
  })

  it("tells a guide that ended from one that broke off", () => {
    const whole = xmltv(programme("a", 0, "One") + programme("a", 60, "Two"))
    expect(readText(whole).hasEnded).toBe(true)
    const cut = readText(whole.slice(0, whole.indexOf("Two")))
    expect(cut.hasEnded).toBe(false)
    expect(cut.isXmltv).toBe(true)
    expect(cut.programmes.map(({ title }) => title)).toEqual(["One"])
    expect(readText(whole + whole.slice(0, -12)).hasEnded).toBe(false)
  })

  it("leaves out an element of absurd length, and only that", () => {
    const long = programme("a", 0, "Long", 60, `<desc>${"x".repeat(5000)}</desc>`)
    const text = Buffer.from(xmltv(programme("a", 0, "One") + long + programme("a", 60, "Two")))
    const read = (maxBytes: number) => readPieces([text], null, maxBytes).programmes.map(({ title }) => title)
    expect(read(6000)).toEqual(["One", "Long", "Two"])
    expect(read(4000)).toEqual(["One", "Two"])
  })

  it("finds the same wherever the pieces are cut, and however small the buffer is", () => {
    const some = (from: number) =>
      `${channel(`c${from}`, `Näme ${from}`)}<!-- x -->${programme("ä", from, `T${from} <![CDATA[</programme>]]>`)}`
    const text = Buffer.from(xmltv([0, 60, 120, 180].map(some).join("<programme>\n")))
    const whole = readPieces([text])
    expect(whole.programmes).toHaveLength(4)
    for (let bytes = 250; bytes < 400; bytes++) expect(readPieces([text], null, bytes)).toEqual(whole)
    for (let cut = 0; cut <= text.length; cut += 7)
      expect(readPieces([text.subarray(0, cut), text.subarray(cut)], null, 320)).toEqual(whole)
    expect(
      readPieces(
        [...text].map((byte) => Buffer.of(byte)),
        null,
        320,
      ),
    ).toEqual(whole)
  })

  const fragment = fc.constantFrom(
    ...[
      "<programme ",
      "</programme>",
      "<channel id=",
      "</channel>",
      "<!--",
      "-->",
      "<![CDATA[",
      "]]>",
      "<",
      ">",
    ],
    ...[
      '"',
      "'",
      "/>",
      "&amp;",
      "&",
      "\u0000",
      "</tv>",
      "<tv>",
      "<title>",
      "</title>",
      "<title/>",
      "<desc lang='",
    ],
    ...[
      `start="${at(0)}" channel="x">`,
      "<credits><actor>",
      "</credits>",
      "<icon src=",
      " ",
      "ä",
      "text",
      "=",
      "\n",
    ],
  )

  it("never throws, and finds the same in any pieces of any rubbish", () => {
    const rubbish = fc.array(fc.oneof({ weight: 5, arbitrary: fragment }, fc.string({ maxLength: 5 })), {
      maxLength: 120,
    })
    fc.assert(
      fc.property(rubbish, fc.array(fc.nat(400), { maxLength: 6 }), (parts, cuts) => {
        const text = Buffer.from(parts.join(""))
        const places = [
          0,
          ...cuts.map((cut) => Math.min(cut, text.length)).toSorted((a, b) => a - b),
          text.length,
        ]
        const cut = places.slice(1).map((to, index) => text.subarray(places[index], to))
        expect(readPieces(cut, null, 100)).toEqual(readPieces([text], null, 100))
      }),
      { numRuns: 1500 },
    )
  })

  it("never throws at bytes of any kind", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        readText(Buffer.concat([Buffer.from(`<tv><programme start="${at(0)}" channel="`), bytes]))
        readText(Buffer.concat([Buffer.from("<tv><programme><title>"), bytes, Buffer.from("</programme>")]))
      }),
      { numRuns: 1000 },
    )
  })
})
