import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { at, channel, programme, seconds, xmltv } from "./guide-fixture.ts"
import { readText } from "./read-guide-fixture.ts"
import { readXml } from "./test-xml-reader.ts"

fc.configureGlobal({ seed: 20_261_121 })

const one = (children: string, title = "T") => {
  const [read] = readText(xmltv(programme("a", 0, title, 60, children))).programmes
  if (read === undefined) throw new Error("no programme was read")
  return read
}
const body = (children: string) => one(children).body.replace("<title>T</title>", "")

describe("a guide's programmes", () => {
  it("have channel, times, title, description and language", () => {
    const read = readText(
      xmltv(
        `<programme channel=" a.b " start="${at(0)}" stop="${at(30)}" showview="1">` +
          '<desc lang="de">Die Beschreibung</desc><title lang="en_GB">The &amp; Title</title></programme>',
      ),
    ).programmes
    expect(read).toEqual([
      {
        ...{ channel: "a.b", start: seconds(0), stop: seconds(30), language: "en" },
        ...{ title: "The &amp; Title", description: "Die Beschreibung" },
        body: '<title lang="en_GB">The &amp; Title</title><desc lang="de">Die Beschreibung</desc>',
      },
    ])
  })

  it("are none without a title", () => {
    for (const title of ["", "<title/>", "<title></title>", "<title> \n </title>", "<title>&#1;</title>"])
      expect(
        readText(xmltv(`<programme start="${at(0)}" channel="a">${title}<desc>D</desc></programme>`))
          .programmes,
      ).toEqual([])
  })

  it("keep what xmltv.dtd knows, in its order, and nothing else", () => {
    const children =
      '<new/><rating system="FSK"><icon src="http://r/1.png"/><value>12</value></rating><blink>x</blink>' +
      '<category lang="en">Film</category><category>Drama</category><date>1999</date><date>2000</date>' +
      '<credits><actor role="A">Ann</actor><director>Dan</director></credits><icon src="http://i/1.png" x="1"/>' +
      '<episode-num system="onscreen">S1E2</episode-num><sub-title>Sub</sub-title><icon/><length>3</length>' +
      '<previously-shown start="20200101"/><premiere></premiere><video><aspect>16:9</aspect></video>' +
      '<subtitles type="onscreen"><language>en</language></subtitles><desc>D</desc>'
    expect(body(children)).toBe(
      "<sub-title>Sub</sub-title><desc>D</desc>" +
        '<credits><director>Dan</director><actor role="A">Ann</actor></credits><date>1999</date>' +
        '<category lang="en">Film</category><category>Drama</category><icon src="http://i/1.png"/>' +
        '<episode-num system="onscreen">S1E2</episode-num><video><aspect>16:9</aspect></video>' +
        '<previously-shown start="20200101"/><premiere/><new/>' +
        '<subtitles type="onscreen"><language>en</language></subtitles>' +
        '<rating system="FSK"><value>12</value><icon src="http://r/1.png"/></rating>',
    )
  })

  it("say where title and description are, when their order had to change", () => {
    const read = one("<category>C</category><title>Second</title><desc>D1</desc><desc>D2</desc>", "First")
    expect([read.title, read.description]).toEqual(["First", "D1"])
    const late = readText(
      xmltv(
        `<programme start="${at(0)}" channel="a"><desc>Dé</desc><date>1</date><title>Té</title></programme>`,
      ),
    ).programmes[0]
    expect([late?.title, late?.description]).toEqual(["Té", "Dé"])
  })

  it("have each attribute once, the first one, and only those with a value", () => {
    expect(body('<category lang="de" lang="en">C</category><url system="">U</url>')).toBe(
      '<category lang="de">C</category><url>U</url>',
    )
  })

  it("put a bare rating where it belongs", () => {
    expect(body('<rating system="MPAA">PG</rating><star-rating> 3/3 </star-rating>')).toBe(
      '<rating system="MPAA"><value>PG</value></rating><star-rating><value>3/3</value></star-rating>',
    )
  })

  it("leave pictures and pages out of people's names", () => {
    const actor = '<actor>Ann <image type="person">http://i/a.png</image><url>http://u</url></actor>'
    expect(body(`<credits>${actor}</credits>`)).toBe("<credits><actor>Ann</actor></credits>")
  })

  it("go on where a child's end is missing", () => {
    expect(body("<desc>D<category>C</category><sub-title>S")).toBe(
      "<sub-title>S</sub-title><desc>D</desc><category>C</category>",
    )
  })

  it("are not searched for ever when children without an end go on and on", () => {
    const categories = body("<category>C".repeat(1000)).split("</category>").length - 1
    expect(categories).toBeGreaterThan(10)
    expect(categories).toBeLessThan(100)
  })

  it("have languages of two letters", () => {
    const language = (lang: string) =>
      readText(xmltv(`<programme start="1" channel="a"><title ${lang}>T</title></programme>`)).programmes[0]
        ?.language
    expect(
      ['lang="de"', 'lang="EN-us"', "lang='eng'", "lang=fr", 'lang="Deutsch!"', "", 'lang=""'].map(language),
    ).toEqual(["de", "en", "en", "fr", "", "", ""])
  })

  describe("in texts", () => {
    const title = (text: string | Buffer) => {
      const [before = "", after = ""] = xmltv(programme("a", 0, "|")).split("|")
      return readText(Buffer.concat([Buffer.from(before), Buffer.from(text), Buffer.from(after)]))
        .programmes[0]?.title
    }

    it("decode entities of XML and HTML, numbers, and leave a bare & as it is", () => {
      expect(title("R&D &amp; &lt;b&gt; &quot;q&quot; &apos;")).toBe(
        "R&amp;D &amp; &lt;b&gt; &quot;q&quot; '",
      )
      expect(title("a&nbsp;b &eacute;&Uuml;&euro;&hellip; &#228;&#xE4; &#150; &unknown; &#1114112;")).toBe(
        "a\u00a0b éÜ€… ää – &amp;unknown;",
      )
      expect(title("AT&T & co; &#0;&#xD800;x")).toBe("AT&amp;T &amp; co; \ufffdx")
    })

    it("keep CDATA as text, drop markup, and keep a < that is none", () => {
      expect(title("<![CDATA[A & <b>B</b>]]> C")).toBe("A &amp; &lt;b&gt;B&lt;/b&gt; C")
      expect(title("Tom < Jerry")).toBe("Tom &lt; Jerry")
      expect(title("<b>Bold</b>")).toBe("Bold")
    })

    it("drop control characters and line breaks", () => {
      expect([title("a\u0085b"), title("a\uffffb"), title("a\u007fb")]).toEqual(["ab", "ab", "ab"])
      expect(readText(xmltv(channel("a", "x&#xD800;\u0001"))).channels[0]?.names).toEqual(["x\ufffd"])
      expect(title("a\u0000\u0008b\r\n   c\td\u007f\ufffe")).toBe("ab c d")
    })

    it("read Latin-1 under a wrong declaration, beside UTF-8", () => {
      const text = Buffer.concat([
        Buffer.from(xmltv(programme("a", 0, "Größe")).replace("\n</tv>\n", "")),
        Buffer.from(programme("a", 60, "Größe – \u0093x").replace("–", "-"), "latin1"),
        Buffer.from("</tv>"),
      ])
      expect(readText(text).programmes.map((p) => p.title)).toEqual(["Größe", "Größe - “x"])
    })

    it("read the encoding that is declared", () => {
      const text = Buffer.concat([
        Buffer.from('<?xml version="1.0" encoding="windows-1251"?><tv>'),
        Buffer.from(programme("a", 0, "|").split("|")[0] ?? ""),
        Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]),
        Buffer.from("</title></programme></tv>"),
      ])
      expect(readText(text).programmes[0]?.title).toBe("Привет")
    })
  })

  describe("of a provider with a login", () => {
    const provider = { url: "http://tv.acme.example:8080", login: { username: "ann", password: "s&cret-99" } }
    const read = (children: string) =>
      readText(xmltv(programme("a", 0, "T", 60, children)), provider).programmes[0]?.body

    it("do not name its server or account, however they are written", () => {
      expect(
        read(
          '<icon src="http://TV.acme.example/i.png"/><icon src="http://other/i.png"/>' +
            "<url>http://cdn/x?username=ann&amp;password=s%26cret-99</url><desc>see tv.acme.example</desc>" +
            '<rating><value>1</value><icon src="http://cdn/ann/s&amp;cret-99/1.png"/></rating>',
        ),
      ).toBe('<title>T</title><icon src="http://other/i.png"/><rating><value>1</value></rating>')
    })

    it("do not name it in a text among others", () => {
      for (const secret of ["at Tv.Acme.Example!", "http://x/ann/s&amp;cret-99", "http://x/ann/s%26cret-99"])
        expect(read(`<desc>${secret}</desc><category>C</category>`)).toBe(
          "<title>T</title><category>C</category>",
        )
      expect(read("<desc>nottv.acme.example ann</desc>")).toContain("nottv")
    })

    it("do not name it in channels either", () => {
      const text = channel("a", "tv.acme.example", "Name").replace(
        "</channel>",
        '<icon src="http://tv.acme.example/1.png"/><icon src="http://other/1.png"/></channel>',
      )
      expect(readText(xmltv(text), provider).channels).toEqual([
        { id: "a", names: ["Name"], icon: "http://other/1.png" },
      ])
    })
  })

  it("are clean XML whatever came, with the texts that were meant", { timeout: 30_000 }, () => {
    const text = fc.string({ unit: "binary", maxLength: 30 })
    const escaped = (value: string) =>
      value.replace(
        /[&<>"]/g,
        (char) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[char] ?? "",
      )
    // What XML forbids goes; every white space that is more than a space becomes one.
    const expected = (value: string) =>
      value
        .split(/[\r\n\t]+/)
        .map((line) => line.trim())
        .filter((line) => line !== "")
        .join(value.match(/[\r\n\t]/) ? " " : "")
        .replace(/[\p{Cc}\ufffe\uffff]/gu, "")
        .toWellFormed()
        .trim()
    fc.assert(
      fc.property(text, text, text, (title, description, role) => {
        const children = `<desc lang="${escaped(role)}">${escaped(description)}</desc>`
        const [read] = readText(xmltv(programme("a", 0, `x${escaped(title)}`, 60, children))).programmes
        const root = readXml(`<programme>${read?.body ?? ""}</programme>`)
        expect(root.children[0]?.text).toBe(expected(`x${title}`))
        const wanted = expected(description)
        expect(root.children[1]?.text ?? "").toBe(wanted)
        if (wanted !== "") expect(root.children[1]?.attributes.lang ?? "").toBe(expected(role))
      }),
      { numRuns: 500 },
    )
  })

  it("are clean XML when their children are rubbish", { timeout: 30_000 }, () => {
    const piece = fc.constantFrom(
      ...[
        "<title>",
        "</title>",
        "<desc lang=x>",
        "</desc>",
        "<icon src='a\"b'/>",
        "<credits>",
        "</credits>",
        "<actor",
      ],
      ...[
        " role='",
        ">",
        "<",
        "</",
        "&",
        "&lt;",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "\u0001",
        "ä",
        "\ud800",
        "text",
        '"',
      ],
      ...[
        "<rating>",
        "</rating>",
        "<value>",
        "</value>",
        "<new/>",
        "<new>",
        "</new>",
        "<subtitles>",
        "<language>",
      ],
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (parts) => {
        for (const { body: xml } of readText(xmltv(programme("a", 0, "T", 60, parts.join("")))).programmes)
          expect(readXml(`<programme>${xml}</programme>`).children[0]?.name).toBe("title")
      }),
      { numRuns: 1000 },
    )
  })
})
