import { describe, expect, it } from "vitest"
import type { Provider } from "../catalogue/url-template.ts"
import { ImportError } from "../import-error.ts"
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
})
