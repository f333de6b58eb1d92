import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Provider } from "../catalogue/url-template.ts"
import { ImportError } from "../import-error.ts"
import { cut, inPieces, openProvider, parseList as parse, readList, seededRandom } from "../test-inputs.ts"
import { headBytes } from "./playlist-head.ts"

// It is read in one piece, so what is cut comes after it.
const head = Buffer.from(`${"#".repeat(headBytes)}\n`)

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

  it("give the same wherever they are cut", async () => {
    const random = seededRandom(11)
    for (let round = 0; round < 300; round++) {
      const text = `#EXTM3U\n${random.text(random.below(120), parts)}\n#EXTINF:-1,x\nhttp://h/1\n`
      const bytes = round % 2 === 0 ? Buffer.from(text) : Buffer.from(text, "latin1")
      const pieces = [head, ...cut(bytes, () => 1 + random.below(40))]
      const whole = await readList({ text: Buffer.concat([head, bytes]), provider: account }).catch(String)
      expect(await readList({ pieces: inPieces(pieces), provider: account }).catch(String), text).toEqual(
        whole,
      )
    }
  })
})

describe("random bytes", () => {
  it("never throw anything but an ImportError, wherever they are cut", async () => {
    const marks = [
      Buffer.alloc(0),
      Buffer.from("#EXTM3U\n#EXTINF:-1,"),
      Buffer.from([0xff, 0xfe]),
      head,
      head,
      Buffer.from("\u{FEFF}#EXTINF:"),
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...marks),
        fc.array(
          fc.oneof(
            fc.uint8Array({ maxLength: 50 }),
            fc.constantFrom(Buffer.from("\n"), Buffer.from("#EXTINF:-1,x\nhttp://h/1\n")),
          ),
        ),
        async (mark, arrays) => {
          const pieces = [mark, ...arrays.map((array) => Buffer.from(array))]
          const outcome = (read: Promise<unknown>) =>
            read.catch((error: unknown) => {
              if (!(error instanceof ImportError)) throw error
              return error.message
            })
          const cut = await outcome(readList({ pieces: inPieces(pieces) }))
          expect(await outcome(readList({ text: Buffer.concat(pieces) }))).toEqual(cut)
        },
      ),
      { seed: 20_261_121, numRuns: 300 },
    )
  })
})
