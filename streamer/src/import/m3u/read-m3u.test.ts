import { describe, expect, it } from "vitest"
import { inPieces, openProvider, parseList as parse, readList } from "../test-inputs.ts"
import { headBytes } from "./playlist-head.ts"

const names = async (text: string) => (await parse(text)).map(({ name }) => name)
const addresses = async (text: string) =>
  (await parse(text)).map(({ locator }) => (locator.kind === "url" ? locator.template : null))

describe("a channel list", () => {
  it("may be bare: every #EXTINF:-1,Name is a channel", async () => {
    expect(
      await parse("#EXTM3U\n#EXTINF:-1,One\nhttp://h/1\n#EXTINF:-1,News, Weather\nhttp://h/2.m3u8\n"),
    ).toEqual([
      {
        kind: "live",
        name: "One",
        attributes: [],
        groups: [],
        locator: { kind: "url", template: "http://h/1" },
      },
      {
        kind: "live",
        name: "News, Weather",
        attributes: [],
        groups: [],
        locator: { kind: "url", template: "http://h/2.m3u8" },
      },
    ])
  })

  it("may lack #EXTM3U, begin with a BOM, and have CRLF, empty lines and junk between entries", async () => {
    expect(
      await names(
        "\u{FEFF}\r\n# a comment\r\n#EXTINF:-1,One\r\n\r\n \t\r\nhttp://h/1\r\njunk\r\nhttp://h/stray\r\n##\r\n" +
          "#EXTINF:-1,Two\r\n#EXT-X-UNKNOWN:1\r\nthis is a remark\r\n#PLAYLIST:x\r\nhttp://h/2",
      ),
    ).toEqual(["One", "Two"])
  })

  it("keeps a channel whose address is a remark, as lists have it for channels without a stream", async () => {
    const text =
      "#EXTINF:-1,One\n[NO PUBLIC STREAM]\n#EXTINF:-1,Two\na remark\nhttp://h/2\n#EXTINF:-1,Three\n[NO STREAM]\nand more\n"
    expect(await names(text)).toEqual(["One", "Two", "Three"])
    const [, second, third] = await addresses(text)
    expect(second).toBe("http://h/2")
    expect(third).toMatch(/STREAM/)
  })

  it("loses an entry without an address, and gives nothing of it to the next", async () => {
    const text =
      '#EXTM3U\n#EXTINF:-1 a="1",None\n#EXTVLCOPT:http-user-agent=A\n#EXTINF:-1 b="2",One\nhttp://h/1\n' +
      "#EXTINF:-1,Bad\nhttp://h:99999/x\n#EXTINF:-1,Last\n"
    expect(await parse(text)).toEqual([
      {
        kind: "live",
        name: "One",
        attributes: [["b", "2"]],
        groups: [],
        locator: { kind: "url", template: "http://h/1" },
      },
    ])
  })

  it("names what has no name by tvg-name, else apart from others without one, the same each time", async () => {
    const text = '#EXTINF:-1 tvg-name="Own",\nhttp://h/1\n#EXTINF:-1,\nhttp://h/2\n#EXTINF:-1,\nhttp://h/3\n'
    const [own, first, second] = await names(text)
    expect(own).toBe("Own")
    expect(first).toMatch(/^Unnamed \w+$/)
    expect(second).not.toBe(first)
    expect(await names(text)).toEqual([own, first, second])
  })

  it("has groups by group-title, several by semicolon", async () => {
    const [entry] = await parse('#EXTINF:-1 group-title="News; World ;;",One\nhttp://h/1\n')
    expect(entry?.groups).toEqual(["News", "World"])
    expect(entry?.attributes).toEqual([["group-title", "News; World ;;"]])
  })

  it("has groups by #EXTGRP, which holds until another one or an empty one; group-title goes before", async () => {
    const entries = await parse(
      '#EXTINF:-1,A\nhttp://h/a\n#EXTGRP:News\n#EXTINF:-1 x="y",B\nhttp://h/b\n#EXTINF:-1,C\nhttp://h/c\n' +
        '#EXTINF:-1 group-title="Own",D\nhttp://h/d\n#EXTINF:-1 group-title="" z="w",E\nhttp://h/e\n' +
        "#EXTINF:-1,F\n#EXTGRP:Kids; Films\nhttp://h/f\n#EXTGRP:\n#EXTINF:-1,G\nhttp://h/g\n",
    )
    expect(Object.fromEntries(entries.map(({ name, groups }) => [name, groups]))).toEqual({
      A: [],
      B: ["News"],
      C: ["News"],
      D: ["Own"],
      E: ["News"],
      F: ["Kids", "Films"],
      G: [],
    })
    expect(entries.map(({ attributes }) => attributes)).toEqual([
      [],
      [
        ["x", "y"],
        ["group-title", "News"],
      ],
      [["group-title", "News"]],
      [["group-title", "Own"]],
      [
        ["group-title", "News"],
        ["z", "w"],
      ],
      [["group-title", "Kids; Films"]],
      [],
    ])
  })

  it("resolves relative addresses, and leaves those of other protocols as they are", async () => {
    const list = [
      "1.ts",
      "/2.ts?a=b",
      "//cdn.test/3",
      "http://h/4",
      "rtmp://h/live/5",
      "udp://239.0.0.1:1234",
    ]
    expect(await addresses(list.map((address) => `#EXTINF:-1,x\n${address}\n`).join(""))).toEqual([
      "http://list.test/lists/1.ts",
      "http://list.test/2.ts?a=b",
      "http://cdn.test/3",
      "http://h/4",
      "rtmp://h/live/5",
      "udp://239.0.0.1:1234",
    ])
  })
})

describe("headers for an entry", () => {
  const headersOf = async (lines: string) =>
    (await parse(`#EXTINF:-1,x\n${lines}\n#EXTINF:-1,y\nhttp://h/y\n`)).map(({ headers }) => headers)

  it("come from #EXTVLCOPT, for one entry", async () => {
    expect(
      await headersOf(
        "#EXTVLCOPT:http-user-agent=Mozilla/5.0 (X; Y)\n#EXTVLCOPT:http-referrer=https://r/?a=b\n" +
          "#EXTVLCOPT: network-caching=1000\n#EXTVLCOPT:http-origin=https://o\nhttp://h/x",
      ),
    ).toEqual([
      { "user-agent": "Mozilla/5.0 (X; Y)", referer: "https://r/?a=b", origin: "https://o" },
      undefined,
    ])
  })

  it("may precede the entry they are for", async () =>
    expect(
      (await parse("#EXTVLCOPT:http-user-agent=A\n#EXTINF:-1,x\nhttp://h/x\n")).map(({ headers }) => headers),
    ).toEqual([{ "user-agent": "A" }]))

  it("come after a bar, which goes before #EXTVLCOPT, and are no part of the address", async () => {
    const text =
      "#EXTVLCOPT:http-user-agent=V\nhttp://h/x?a=1|User-Agent=Kodi%2F1&Referer=https%3A%2F%2Fr%2F&x-y=z"
    expect(await headersOf(text)).toEqual([
      { "user-agent": "Kodi/1", referer: "https://r/", "x-y": "z" },
      undefined,
    ])
    expect(await addresses(`#EXTINF:-1,x\n${text}`)).toEqual(["http://h/x?a=1"])
  })

  it("are not taken from a bar that no header follows", async () =>
    expect(await addresses("#EXTINF:-1,x\nhttp://h/x?t=a|b\n")).toEqual(["http://h/x?t=a|b"]))

  it("cannot break or forge a request", async () =>
    expect(
      await headersOf(
        "http://h/x|A=b%0D%0AEvil:1&B%20C=d&Host=other&Content-Length=5&Transfer-Encoding=chunked&__proto__=x&D=%E2%82%AC&Ok=1",
      ),
    ).toEqual([{ ["__proto__"]: "x", ok: "1" }, undefined]))

  it("come from #KODIPROP's header properties, and from no other", async () =>
    expect(
      await headersOf(
        "#KODIPROP:inputstream.adaptive.manifest_type=hls\n" +
          "#KODIPROP:inputstream.adaptive.license_key=https://k/|A=b\n" +
          "#KODIPROP:inputstream.adaptive.manifest_headers=User-Agent=M&X-A=1\n" +
          "#KODIPROP:inputstream.adaptive.stream_headers=User-Agent=Kodi%2F1&Host=h\n" +
          "#kodiprop: inputstream.adaptive.common_headers=Referer=https://r/\nhttp://h/x",
      ),
    ).toEqual([{ "user-agent": "Kodi/1", "x-a": "1", referer: "https://r/" }, undefined]))
})

describe("an answer that is no channel list", () => {
  it.each([
    ["empty", "", "empty", /empty answer/],
    ["only line breaks", "\r\n \n\n", "empty", /empty answer/],
    ["a web page", "<!DOCTYPE html>\n<html>…", "not_a_playlist", /web page/],
    ["a web page with a BOM and a comment", "\u{FEFF}\n <!-- login --><html>", "not_a_playlist", /web page/],
    ["a login page", `<html>${" ".repeat(4000)}<form action=/login>`, "not_a_playlist", /a login page/],
    ["a login page of scripts", "<div><input type=PASSWORD>", "not_a_playlist", /a login page/],
    ["a guide", '<?xml version="1.0"?><tv/>', "not_a_playlist", /guide/],
    ["XML", '<?xml version="1.0"?><error/>', "not_a_playlist", /XML/],
    ["XHTML", '<?xml version="1.0"?><html/>', "not_a_playlist", /web page/],
    ["a JSON object", '{"user_info":{"auth":0}}', "not_a_playlist", /JSON/],
    ["a JSON list", "[]", "not_a_playlist", /JSON/],
    ["a sentence", "Invalid credentials\n", "not_a_playlist", /text that is not/],
    [
      "a video",
      Buffer.from([0x47, 0x40, 0x00, 0x10, 0x00, 0x0a, 0x47]).toString("latin1"),
      "not_a_playlist",
      /binary/,
    ],
  ])("is refused with what it is: %s", async (_what, text, code, message) => {
    await expect(parse(text)).rejects.toMatchObject({ name: "ImportError", code, message })
  })

  it("is not a list that merely holds HLS tags of its entries", async () => {
    expect(
      await names(
        "#EXTM3U\n#EXT-X-SESSION-DATA:x\n#EXTINF:-1,One\nhttp://h/1.m3u8\n#EXTINF:-1,Two\n" +
          "#EXT-X-STREAM-INF:BANDWIDTH=1\nhttp://h/2.m3u8\n",
      ),
    ).toEqual(["One", "Two"])
  })

  it("may be a list of nothing", async () => expect(await parse("#EXTM3U\n")).toEqual([]))
})

describe("an HLS playlist as the source", () => {
  const own = {
    url: "http://panel.test/live/ann/s3cret/7.m3u8",
    login: { username: "ann", password: "s3cret" },
  }

  it.each([
    [
      "media",
      "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:6\n#EXTINF:5.005,\ns1.ts\n#EXTINF:6,\ns2.ts\n",
    ],
    ["media, without a duration first", "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:7\n#EXTINF:6,\ns.ts\n"],
    ["master", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1280000,RESOLUTION=1x1\nlow.m3u8\n"],
    ["empty", "#EXTM3U\n#EXT-X-TARGETDURATION:6"],
  ])("is one channel of the source's name and address: %s", async (_what, text) => {
    expect(await readList({ text, provider: own })).toEqual({
      found: 1,
      guides: [],
      entries: [
        {
          kind: "live",
          name: "Source",
          attributes: [],
          groups: [],
          locator: { kind: "url", template: "{server}/live/{username}/{password}/7.m3u8" },
        },
      ],
    })
  })

  it("is none where the source has no live channels, or excludes its name", async () => {
    const text = "#EXTM3U\n#EXT-X-TARGETDURATION:6\n"
    expect(await readList({ text, kinds: ["movie"] })).toMatchObject({ found: 1, entries: [] })
    expect(await readList({ text, wanted: (name) => name !== "Source" })).toMatchObject({
      found: 1,
      entries: [],
    })
  })

  it("is not read to its end", async () => {
    let pieces = 0
    const endless = async function* () {
      for (;;) {
        pieces++
        yield Buffer.from("#EXTM3U\n#EXT-X-TARGETDURATION:6\n".padEnd(10_000, "#"))
      }
    }
    expect(await readList({ pieces: endless() })).toMatchObject({ found: 1 })
    expect(pieces).toBe(1)
  })
})

describe("the kind of an entry", () => {
  const kindsOf = async (addresses: string[], name = "x") =>
    (
      await parse(addresses.map((address) => `#EXTINF:-1 a="b",${name}\n${address}\n`).join(""), {
        url: "http://h/get.php",
        login: { username: "movie", password: "s3cret" },
      })
    ).map(({ kind }) => kind)

  it("is told by /movie/ or /series/ in the path of its address", async () =>
    expect(
      await kindsOf([
        "http://h/movie/u/p/1.mkv",
        "http://h/x/series/u/p/2.mkv",
        "/movie/3.mkv",
        "rtmp://h/series/4",
        "http://h/series/u/movie/5.mkv",
        "http://h/movie/movie/s3cret/6.mkv",
      ]),
    ).toEqual(["movie", "episode", "movie", "episode", "episode", "movie"]))

  it("is live for whatever else is in the address or the name", async () =>
    expect(
      await kindsOf(
        [
          "http://h/live/u/p/247.ts",
          "http://movie/1.ts",
          "rtmp://series/1",
          "http://h/movies/1.mkv",
          "http://h/Movie",
          "http://h/a?b=/movie/1",
          "http://h/a#/series/1",
          "http://h/movie/s3cret/1.ts",
          "http://h/live/movie/s3cret/1.ts",
        ],
        "Movie 24/7 S01E02 (2019)",
      ),
    ).toEqual(Array(9).fill("live")))
})

describe("what a source takes of its list", () => {
  const text =
    '#EXTINF:-1 group-title="News; World",One\nhttp://h/1\n#EXTINF:-1 group-title=Films,Two\nhttp://h/movie/2\n' +
    '#EXTINF:-1 group-title="Films",Three\nhttp://h/movie/3\n#EXTINF:-1,Four\nhttp://h/4|A=b\n'
  const namesOf = async (options: Omit<Parameters<typeof readList>[0], "text">) => {
    const { found, entries } = await readList({ text, ...options })
    expect(found).toBe(4)
    return entries.map(({ name }) => name)
  }

  it("are the kinds that it allows", async () => {
    expect(await namesOf({ kinds: ["movie"] })).toEqual(["Two", "Three"])
    expect(await namesOf({ kinds: ["live", "series"] })).toEqual(["One", "Four"])
  })

  it("are the names and groups that it wants", async () => {
    const seen: [string, readonly string[]][] = []
    expect(
      await namesOf({
        wanted: (name, groups) => {
          seen.push([name, groups])
          return name === "Four" || groups.includes("World")
        },
      }),
    ).toEqual(["One", "Four"])
    expect(seen).toEqual([
      ["One", ["News", "World"]],
      ["Two", ["Films"]],
      ["Three", ["Films"]],
      ["Four", []],
    ])
  })
})

describe("the reading of a list", () => {
  it("waits after each piece", async () => {
    const order: string[] = []
    const pieces = async function* () {
      for (let piece = 0; piece < 3; piece++) {
        order.push(`piece ${piece}`)
        yield Buffer.from("#EXTINF:-1,x\nhttp://h/1\n".repeat(500))
      }
    }
    const ready = async () => {
      order.push("ready")
    }
    await readList({ pieces: pieces(), ready })
    expect(order).toEqual(["piece 0", "ready", "piece 1", "ready", "piece 2", "ready"])
  })

  it("ends a value that nobody ended, also where a piece ends", async () => {
    const head = `#EXTM3U\n${"#\n".repeat(headBytes / 2)}`
    const own = { url: "http://h/", login: { username: "", password: "x" } }
    for (const provider of [openProvider, own]) {
      const pieces = inPieces([Buffer.from(`${head}#EXTINF:-1 a="b  \n`), Buffer.from("http://h/1\n")])
      expect((await readList({ pieces, provider })).entries).toMatchObject([{ attributes: [["a", "b"]] }])
    }
  })

  it("does not depend on bytes that a reader of the network uses again", async () => {
    const text = '#EXTM3U\n#EXTINF:-1 a="b",One\nhttp://h/1\n'.repeat(600)
    const reused = Buffer.alloc(64)
    const pieces = async function* () {
      for (let at = 0; at < text.length; at += 64) {
        const length = reused.write(text.slice(at, at + 64))
        yield reused.subarray(0, length)
      }
    }
    expect((await readList({ pieces: pieces() })).entries).toEqual(await parse(text))
  })
})
