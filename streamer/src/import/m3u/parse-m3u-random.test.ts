import { describe, expect, it } from "vitest"
import type { Provider } from "../catalogue/url-template.ts"
import { ImportError } from "../import-error.ts"
import { renderEntry } from "../publish/render-playlists.ts"
import { openProvider, parseList as parse, seededRandom } from "../test-inputs.ts"

describe("seeded random texts", () => {
  const parts = [
    ...[
      "#EXTINF:",
      "#EXTINF:-1 ",
      "#EXTM3U",
      "#EXTGRP:",
      "#EXTVLCOPT:http-user-agent=",
      "#EXT-X-",
      "\n",
      "\r\n",
    ],
    ...[
      '"',
      ",",
      "=",
      " ",
      "\t",
      "|",
      "&",
      "%",
      "%0",
      "%ff",
      "{",
      "}",
      "{password}",
      "http://",
      "http://h:99999/",
    ],
    ...[
      "udp://@",
      "rtmp:",
      "tvg-id",
      "group-title",
      "a",
      "B",
      "7",
      ";",
      "/",
      "?",
      "#",
      "\0",
      "\u{1}",
      "\uFFFF",
    ],
    ...["\uD800", "é", "日", "📺", "\u2028", "__proto__", "javascript:x", "[", "]", "::", "@", "|A=b", ":"],
  ] as unknown as [string, ...string[]]
  const account: Provider = { url: "http://h:8080/get.php?a=b", login: { username: "B", password: "7" } }

  it("never throw anything but an ImportError", async () => {
    const random = seededRandom(20_240_607)
    let read = 0
    let refused = 0
    for (let round = 0; round < 3000; round++) {
      const text = (random.below(2) === 0 ? "#EXTM3U\n" : "") + random.text(random.below(120), parts)
      const provider = random.pick([openProvider, account])
      const outcome = await parse(text, provider).catch((error: unknown) => error)
      if (outcome instanceof ImportError) refused++
      else if (Array.isArray(outcome)) read += outcome.length
      else throw new Error(`${String(outcome)} for ${JSON.stringify(text)}`)
    }
    // The generator reaches both.
    expect(read).toBeGreaterThan(50)
    expect(refused).toBeGreaterThan(200)
  })

  it("rendered as channels are one entry each, with name and attributes as they were", async () => {
    const random = seededRandom(7)
    const letters = [
      "a",
      "Z",
      "9",
      " ",
      ",",
      "=",
      ";",
      "'",
      "|",
      "#",
      "é",
      "日",
      "📺",
      "\\",
      "/",
      "&",
      "x=",
    ] as const
    const keyLetters = ["a", "Z", "9", "-", "_", ":", ".", "é"] as const
    const channels = Array.from({ length: 3000 }, (_, at) => ({
      id: String(100_000_000 + at),
      name: `N${random.text(random.below(12), letters)}n`,
      attributes: Array.from({ length: random.below(5) }, (): [string, string] => [
        random.text(1 + random.below(6), keyLetters),
        random.text(random.below(10), letters),
      ]),
      groups: [],
      feeds: [],
    }))
    for (const channel of channels) {
      const [entry, ...more] = await parse(rendered(channel))
      expect(more).toEqual([])
      expect(entry, rendered(channel)).toMatchObject({ name: channel.name, attributes: channel.attributes })
    }
  })

  it("in names and attributes forge no line, no attribute and no address of a playlist", async () => {
    const random = seededRandom(99)
    for (let round = 0; round < 3000; round++) {
      const attributes = Array.from({ length: random.below(4) }, (): [string, string] => [
        random.text(1 + random.below(4), parts),
        random.text(random.below(8), parts),
      ])
      const channel = {
        id: "123456789",
        name: random.text(random.below(10), parts),
        attributes,
        groups: [],
        feeds: [],
      }
      const text = renderEntry(channel)
      expect(text.split(/[\n\r\u2028\u2029\u0085]/)).toHaveLength(3)
      expect(text.match(/\p{Cc}/gu)).toEqual(["\n", "\u0001", "\u0002", "\n"])
      expect(text.endsWith("\n\u0001123456789\u0002\n")).toBe(true)
      const entries = await parse(rendered(channel))
      expect(entries).toHaveLength(1)
      const kept = attributes.filter(([key]) => /[^\s\p{Cc}\u2028\u2029=",]/u.test(key))
      expect(
        entries[0]?.attributes.map(([, value]) => value),
        text,
      ).toEqual(
        kept.map(([, value]) =>
          value
            .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
            .replaceAll('"', "'")
            .toWellFormed(),
        ),
      )
    }
  })
})

type Rendered = Parameters<typeof renderEntry>[0]
const rendered = (channel: Rendered) =>
  renderEntry(channel).replace("\u0001", "http://h/").replace("\u0002", ".ts")
