import { type Entry, entryKinds } from "@tributary/shared/catalogue/entry"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { RecordWriter } from "../catalogue/record-writer.ts"
import { namesProvider, namingTexts, type Provider } from "../catalogue/url-template.ts"
import { openProvider } from "../test-inputs.ts"
import { ListReader } from "./list-reader.ts"
import { PlainEntries } from "./plain-entries.ts"
import { detailsOf, textEntry } from "./text-entry.ts"

fc.configureGlobal({ seed: 20_261_121, numRuns: 6000 })

const account: Provider = {
  url: "http://panel.test:8080/get.php?username=ann&password=s3cret",
  login: { username: "ann", password: "s3cret" },
}
const providers: Provider[] = [
  openProvider,
  account,
  { ...account, login: { username: "live", password: "tv" } },
  { ...account, login: { username: "12", password: "34" } },
  { ...account, login: { username: "ann", password: "a/b" } },
  { ...account, login: { username: "é", password: "p@ss w+rd" } },
  { ...account, login: { username: "", password: "" } },
  { url: "http://list.test/list.m3u?token=abcdefgh1", login: null },
  { url: "https://[::1]/get/john77doe/k3yk3yk3y/l.m3u", login: null },
]

function written(write: (writer: RecordWriter) => boolean): Buffer | null {
  const parts: Buffer[] = []
  const writer = new RecordWriter((part) => parts.push(part), 1024)
  if (!write(writer)) return null
  writer.finish()
  return Buffer.concat(parts)
}

interface Lines {
  extinf: string
  address: string
  group?: string | null
  headers?: Record<string, string> | null
  provider?: Provider
}

function asBytes({
  extinf,
  address,
  group = null,
  headers = null,
  provider = openProvider,
}: Lines): Buffer | null {
  const line = (text: string) => {
    const bytes = Buffer.from(`  ${text}\n`)
    return { bytes, start: 2, end: bytes.length - 1 }
  }
  return written((writer) =>
    new PlainEntries(provider, { writer, kinds: new Set(entryKinds), wanted: null }).write(
      line(extinf),
      line(address),
      { provider, group, headers, listAttributes: [] },
    ),
  )
}

function asText({
  extinf,
  address,
  group = null,
  headers = null,
  provider = openProvider,
}: Lines): Buffer | null {
  const entry: Entry | null = textEntry(extinf, address, {
    provider,
    group,
    headers,
    listAttributes: [],
  })
  return written((writer) => {
    if (entry !== null) writer.write(entry)
    return entry !== null
  })
}

/** Both, when the bytes are of the usual form; how often they were is returned. */
function sameFor(lines: fc.Arbitrary<Lines>): number {
  let usual = 0
  fc.assert(
    fc.property(lines, (one) => {
      const bytes = asBytes(one)
      if (bytes === null) return
      usual++
      expect(bytes.toString()).toBe(asText(one)?.toString())
    }),
  )
  return usual
}

const odd = ['"', ",", "=", " ", "  ", ";", "\t", "\u0001", "\u007f", "\u0085", "\u00a0", "\u1680", "\u2003"]
const odder = [
  "\u2028",
  "\u202f",
  "\u205f",
  "\u3000",
  "\ufeff",
  "\u0130",
  "\u212a",
  "\\",
  "|",
  "#",
  "%41",
  "{server}",
]
const words = [
  "a",
  "News",
  "é",
  "日本",
  "📺",
  "–",
  "ı",
  "24/7",
  "http://",
  "panel.test",
  "PANEL.TEST",
  "s3cret",
  "ann",
]
const secrets = ["/ann/s3cret/", "tv", "abcdefgh1", "k3yk3yk3y", "s%33cret", "=34", "p@ss", "[::1]"]
const text = fc
  .array(fc.constantFrom(...odd, ...odder, ...words, ...words, ...secrets), { maxLength: 5 })
  .map((of) => of.join(""))
const plain = fc.array(fc.constantFrom(...words, " ", ";"), { maxLength: 4 }).map((of) => of.join(""))
const attributeName = fc.constantFrom(
  ...["tvg-id", "tvg-name", "tvg-logo", "group-title", "TVG-ID", "Group-Title", "tvg-chno", "x", "x:y_Z.1"],
  ...[
    "tvg-id",
    "tvg-name",
    "tvg-logo",
    "group-title",
    "tvg-shift",
    "radio",
    "lang",
    "group-id",
    "parent-code",
  ],
  ...["tvg-country", "tvg-language", "cuid", "catchup-days", "Catchup", "tvg-rec", "timeshift", "é", ""],
)
const value = fc.oneof({ weight: 4, arbitrary: plain }, text)
const attribute = fc
  .tuple(
    fc.constantFrom(...Array(12).fill(" "), "", "  ", "\t"),
    attributeName,
    fc.constantFrom(...Array(12).fill('"'), ""),
    value,
  )
  .map(([before, name, quote, of]) => `${before}${name}=${quote}${of}${quote}`)
const extinf = fc
  .tuple(
    fc.constantFrom("-1", "-1", "-1", "-1", "-1", "-1", "0", "+10", "", "10.5", " -1", "1e3"),
    fc.array(attribute, { maxLength: 5 }),
    fc.constantFrom(",", ",", ",", ",", ", ", " ,", ""),
    fc.oneof({ weight: 4, arbitrary: plain }, text),
  )
  .map(([duration, attributes, comma, name]) =>
    `#EXTINF:${duration}${attributes.join("")}${comma}${name}`.trim(),
  )
const provider = fc.oneof(fc.constant(openProvider), fc.constant(account), fc.constantFrom(...providers))

const segment = fc.constantFrom(
  ...[
    "live",
    "movie",
    "series",
    "timeshift",
    "ann",
    "s3cret",
    "tv",
    "12",
    "34",
    "a/b",
    "é",
    "p@ss w+rd",
    "p%40ss",
  ],
  ...[
    "7.ts",
    "..",
    ".",
    ".x",
    "%2e",
    "",
    "a.b",
    "a+b",
    "a'b",
    "a|b=c",
    "a|b",
    "{utc}",
    "{password}",
    "a;b",
    "\\",
    "^",
    "[",
    "~",
    "moviex",
  ],
  ...["?", "?token=s3cret", "?username=ann&password=s3cret", "?user=ann", "#x", "?u=12&p=34", "?a=b", "&x=y"],
)
const origin = fc.constantFrom(
  ...[
    "http://panel.test:8080",
    "http://panel.test:8080",
    "https://panel.test:8080",
    "http://PANEL.test:8080",
  ],
  ...[
    "http://panel.test",
    "http://cdn.test",
    "http://cdn.test:80",
    "https://cdn.test:443",
    "http://ann:s3cret@panel.test:8080",
  ],
  ...[
    "http://@cdn.test",
    "http://1.2.3",
    "http://1.2.3.4",
    "http://[::1]:99",
    "http://é.test",
    "http://h:99999",
    "http://",
    "http:",
  ],
  ...[
    "rtmp://cdn.test",
    "HTTP://cdn.test",
    "",
    "/",
    "udp://@239.0.0.1:1234",
    "httpx://cdn.test",
    "http://a b",
    "http://a_b",
    "http://h?q",
  ],
)
const address = fc
  .tuple(origin, fc.array(segment, { maxLength: 6 }), fc.constantFrom("", "", "/"))
  .map(([of, segments, end]) => `${[of, ...segments].join("/")}${end}`.trim())
  .filter((of) => of !== "" && !of.startsWith("#"))
const xtream = fc
  .tuple(
    fc.constantFrom("/live", "/movie", "/series", "/timeshift", ""),
    fc.constantFrom("ann", "live", "12", "movie"),
    fc.constantFrom("s3cret", "tv", "34", "a/b", "p@ss w+rd"),
    fc.constantFrom(
      "1.ts",
      "2",
      "movie/3.mkv",
      "s3cret/4",
      "34/5.ts",
      "",
      "6.ts?token=abc",
      "7?password=34",
      "./8",
      "9?",
    ),
  )
  .map((parts) => `http://panel.test:8080${parts.join("/")}`)

describe("an entry of the usual form", () => {
  const usualAddress = "http://panel.test:8080/live/ann/s3cret/1.ts"

  it("is read from bytes, and so is one of plain attributes, names and addresses", () => {
    expect(
      asBytes({
        extinf: '#EXTINF:-1 tvg-id=" a " tvg-name="" group-title=" Nachrichten;日本 ; ",Télé "24", 7 – 日本',
        address: usualAddress,
        provider: account,
      })?.toString(),
    ).toBe(
      'L\u001fTélé "24", 7 – 日本\u001fa\u001fNachrichten\u001e日本\u001f' +
        ' tvg-id=" a " tvg-name="" group-title=" Nachrichten;日本 ; "\u001f' +
        "u{server}/live/{username}/{password}/1.ts\u001f\u001f\u001f\n",
    )
    expect(asBytes({ extinf: "#EXTINF:0,x", address: "https://h/a?b=c" })).not.toBeNull()
    expect(
      asBytes({
        extinf: "#EXTINF:0,x",
        address: usualAddress.replace("live", "movie"),
        provider: account,
      })?.[0],
    ).toBe(0x4d)
  })

  it("has the same record as when it is read as text, whatever its attributes and its name", () => {
    const lines = fc.record({
      extinf,
      provider,
      group: fc.constantFrom(null, null, "All"),
      headers: fc.constantFrom(null, null, {
        referer: "http://r/\u0085",
        "user-agent": 'é "x"',
      }),
      address: fc.constant(usualAddress),
    })
    expect(sameFor(lines)).toBeGreaterThan(150)
  })

  it("has the same record as when it is read as text, whatever its address", () => {
    const lines = fc.record({
      provider,
      extinf: fc.constant("#EXTINF:-1,x"),
      address: fc.oneof(address, xtream),
    })
    expect(sameFor(lines)).toBeGreaterThan(400)
  })

  it("is trimmed and cleaned of the same characters as a text", () => {
    const odd = Array.from({ length: 0x1_0000 }, (_, code) => String.fromCharCode(code)).filter(
      (of) => /[\p{Cc}\s]/u.test(of) && of !== "\n",
    )
    expect(odd.length).toBeGreaterThan(80)
    for (const of of [...odd, "é", "–", "\u2010", "\u3001", "Ā", "\ufeee"])
      for (const extinf of [
        `#EXTINF:-1 tvg-id="${of}a${of}",N`,
        `#EXTINF:-1 group-title="${of}b${of};c${of}",N`,
        `#EXTINF:-1 x="b${of}c",N`,
        `#EXTINF:-1,${of}N${of}m`,
        `#EXTINF:-1,Nm${of}`,
      ]) {
        const bytes = asBytes({ extinf, address: "http://h/1" })
        if (bytes === null) expect(odd, JSON.stringify(of)).toContain(of)
        else
          expect(bytes.toString()).toBe(asText({ extinf: extinf.trim(), address: "http://h/1" })?.toString())
      }
  })

  it.each([
    ["live", "tv", "/live/tv/1/2.ts"],
    ["live", "tv", "/live/live/tv/2.ts"],
    ["", "", "//7.ts"],
    ["", "s3cret", "/live//s3cret/7.ts"],
    ["ann", "", "/live/ann//7.ts"],
    ["ann", "s3cret", "/live/ann/s3cret/?"],
    ["ann", "a/b", "/live/ann/a/b/7.ts"],
    ["12", "34", "/12/34/34/34?u=34&p=34"],
  ])(
    "of the account %j and %j has the same template as when it is read as text: %s",
    (username, password, path) => {
      const own = { ...account, login: { username, password } }
      const lines = { extinf: "#EXTINF:-1,x", address: `http://panel.test:8080${path}`, provider: own }
      const bytes = asBytes(lines)
      if (bytes !== null) expect(bytes.toString()).toBe(asText(lines)?.toString())
    },
  )

  it("conceals the name of an account without a password", () => {
    const own = { ...account, login: { username: "ann", password: "" } }
    const lines = { extinf: '#EXTINF:-1 x="http://h/ann/1",x', address: "http://h/1", provider: own }
    expect(asText(lines)?.toString()).not.toContain("ann")
    expect(asBytes(lines) ?? asText(lines)).toEqual(asText(lines))
  })

  it("takes the first attribute of a name", () => {
    const extinf = '#EXTINF:-1 TVG-ID="" tvg-id="b" group-title="" Group-Title="c",N'
    expect(asBytes({ extinf, address: "http://h/1" })).toEqual(asText({ extinf, address: "http://h/1" }))
    const filled = '#EXTINF:-1 tvg-id="a" tvg-id="b" group-title="d" group-title="c",N'
    expect(asBytes({ extinf: filled, address: "http://h/1" })).toEqual(
      asText({ extinf: filled, address: "http://h/1" }),
    )
  })

  it("has the catch-up of its list, when it is live", () => {
    const context = {
      provider: openProvider,
      group: null,
      headers: null,
      listAttributes: [["catchup-days", "3"] as [string, string]],
    }
    for (const address of ["http://h/1", "http://h/movie/1"]) {
      const bytes = written((writer) => {
        const entries = new PlainEntries(openProvider, { writer, kinds: new Set(entryKinds), wanted: null })
        entries.details = detailsOf("live", [], context)
        const line = (of: string) => ({ bytes: Buffer.from(`${of}\n`), start: 0, end: Buffer.byteLength(of) })
        return entries.write(line("#EXTINF:-1,x"), line(address), context)
      })
      const entry = textEntry("#EXTINF:-1,x", address, context) as Entry
      expect(bytes).toEqual(
        written((writer) => {
          writer.write(entry)
          return true
        }),
      )
    }
  })

  it("keeps two readers in one thread apart", () => {
    const hosts = ["panel.test", "quiz.example"]
    const texts: string[] = []
    const readers = hosts.map((host) => {
      const writer = new RecordWriter((part) => texts.push(part.toString()), 1024)
      const own = { ...account, url: `http://${host}/` }
      return { writer, list: new ListReader(own, { writer, kinds: new Set(entryKinds), wanted: null }) }
    })
    for (const { list } of readers)
      for (const host of hosts)
        for (const line of [`#EXTINF:-1 tvg-logo="http://${host}/1.png",x\n`, "http://h/1\n"])
          list.line(Buffer.from(line), 0, line.length - 1)
    for (const { writer } of readers) writer.finish()
    expect(texts.map((of) => hosts.map((host) => of.includes(`"http://${host}/`)))).toEqual([
      [false, true],
      [true, false],
    ])
  })
})

describe("a text that names the provider", () => {
  it("holds one of the naming texts, in any case of ASCII letters", () => {
    const lower = (of: string) => of.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    let naming = 0
    fc.assert(
      fc.property(text, provider, (of, by) => {
        if (!namesProvider(of, by)) return
        naming++
        expect(namingTexts(by).some((one) => lower(of).includes(lower(one)))).toBe(true)
      }),
    )
    expect(naming).toBeGreaterThan(100)
  })
})
