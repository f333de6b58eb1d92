import { addressTemplate, logoTemplate } from "@tributary/shared/snapshot/m3u-template"
import { describe, expect, it } from "vitest"
import { collectBytes, streamOf } from "../test-support/streams.ts"
import { fillTemplate } from "./fill-template.ts"

const parts = {
  addressStart: "https://tv/stream/",
  addressEnd: ".ts?username=ü",
  logoStart: "https://tv/logo/",
  movieStart: "https://tv/movie/u/p/",
  episodeStart: "https://tv/series/u/p/",
  pastStart: "https://tv/timeshift/u/p/",
  pastEnd: "/past.ts",
  attributesEnd: "",
  liveProperties: "\n#KODIPROP:a=b",
}
const encoder = new TextEncoder()

async function fill(...chunks: Uint8Array[]): Promise<string> {
  return new TextDecoder().decode(await collectBytes(fillTemplate(streamOf(chunks), parts)))
}

describe("fillTemplate", () => {
  const template = `#EXTINF:-1 tvg-logo="${logoTemplate("7")}",Ümläut 日本\n${addressTemplate("7")}\n${addressTemplate("8")}`
  const filled =
    '#EXTINF:-1 tvg-logo="https://tv/logo/7",Ümläut 日本\nhttps://tv/stream/7.ts?username=ü\nhttps://tv/stream/8.ts?username=ü'
  const bytes = encoder.encode(template)

  it("fills in the same wherever the template is cut into two or three chunks", async () => {
    for (let first = 0; first <= bytes.length; first++)
      for (let second = first; second <= bytes.length; second += 7)
        expect(
          await fill(bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)),
        ).toBe(filled)
  })

  it("fills in the same byte by byte", async () => {
    expect(await fill(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toBe(filled)
  })

  it("fills in placeholders that stand side by side and at both ends", async () => {
    const raw = Uint8Array.of(3, 1, 2, 2, 1, 5, 4, 14, 6, 7, 15, 14, 3)
    const { addressStart: start, addressEnd: end, logoStart: logo, movieStart, episodeStart } = parts
    const { pastStart, pastEnd, liveProperties } = parts
    const first = logo + start + end + end + start + episodeStart + movieStart
    expect(await fill(raw)).toBe(first + pastStart + pastEnd + liveProperties + logo)
  })

  it("passes a chunk without placeholders on uncopied", async () => {
    const chunk = encoder.encode("#EXTM3U\n")
    expect((await fillTemplate(streamOf([chunk]), parts).next()).value).toBe(chunk)
  })

  it("leaves every other byte as it is", async () => {
    const others = Uint8Array.from({ length: 256 }, (_, byte) => byte).filter(
      (byte) => !(byte >= 1 && byte <= 7) && byte !== 14 && byte !== 15,
    )
    expect(await collectBytes(fillTemplate(streamOf([others]), parts))).toEqual(others)
  })

  it("takes a chunk only when its reader does: a large playlist is never held", async () => {
    let taken = 0
    const source = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          taken++
          controller.enqueue(bytes)
        },
      },
      { highWaterMark: 0 },
    )
    const filled = fillTemplate(source, parts)
    for (let read = 1; read <= 1_000; read++) {
      await filled.next()
      expect(taken).toBe(read)
    }
    await filled.return(undefined)
  })
})
