import { describe, expect, it } from "vitest"
import { entry } from "../test-support/catalogue.ts"
import { collectBytes, streamOf } from "../test-support/streams.ts"
import { dropRepeats } from "./drop-repeats.ts"

const encoder = new TextEncoder()

async function drop(...chunks: Uint8Array[]): Promise<string> {
  return new TextDecoder().decode(await collectBytes(dropRepeats(streamOf(chunks))))
}

const news = entry({ id: "101", name: "Näws" })
const sport = entry({ id: "102", name: "Sport", ownLogo: true })
const movie = entry({ id: "103", name: "Movie", kind: "movie" })
const episode = entry({ id: "1031", name: "Episode", kind: "episode" })
const long = entry({ id: "10", name: "Id that begins another" })

describe("dropRepeats", () => {
  it("keeps the first entry of each channel and the order, wherever the template is cut", async () => {
    const bytes = encoder.encode(
      `#EXTM3U\n${news}${sport}${news}${movie}${long}${sport}${episode}${movie}${episode}${news}`,
    )
    const expected = `#EXTM3U\n${news}${sport}${movie}${long}${episode}`
    for (let cut = 0; cut <= bytes.length; cut++)
      expect(await drop(bytes.subarray(0, cut), bytes.subarray(cut))).toBe(expected)
    expect(await drop(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toBe(expected)
  })

  it("drops an entry with all of its lines", async () => {
    const options = "#EXTVLCOPT:http-user-agent=x\n#KODIPROP:mimetype=video/mp2t\n"
    const entryWithOptions = news.replace("\n", `\n${options}`)
    expect(await drop(encoder.encode(sport + entryWithOptions + entryWithOptions))).toBe(
      sport + entryWithOptions,
    )
  })

  it("takes an address inside another line for no channel", async () => {
    const withCatchUp = sport.replace("#EXTINF:-1", '#EXTINF:-1 catchup-source="\u0001101\u0002"')
    expect(await drop(encoder.encode(withCatchUp + news))).toBe(withCatchUp + news)
  })

  it("keeps what follows the last entry", async () => {
    expect(await drop(encoder.encode(`${news}# a remark without an end`))).toBe(
      `${news}# a remark without an end`,
    )
  })

  it("holds no more than an unfinished entry of a large playlist", async () => {
    let taken = 0
    const source = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          taken++
          controller.enqueue(encoder.encode(entry({ id: String(taken), name: "x" })))
        },
      },
      { highWaterMark: 0 },
    )
    const kept = dropRepeats(source)
    for (let read = 1; read <= 1_000; read++) {
      await kept.next()
      expect(taken).toBe(read)
    }
    await kept.return(undefined)
  })
})
