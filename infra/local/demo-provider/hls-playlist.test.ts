import { beforeAll, describe, expect, it, vi } from "vitest"
import { masterPlaylist, mediaPlaylist, segment } from "./hls-playlist.ts"
import type { IndexedLoop } from "./index-loop.ts"
import { radioRecipe, renderLoop, smallRecipe } from "./loop-for-tests.ts"
import { entry, packetsBetween, positionAt } from "./replay.ts"

// Rendering may have to wait for a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })

const sequenceOf = (text: string) => Number(/MEDIA-SEQUENCE:(\d+)/.exec(text)?.[1])
const durations = (text: string) => [...text.matchAll(/#EXTINF:([\d.]+),/g)].map((match) => Number(match[1]))
const names = (text: string) => text.split("\n").filter((line) => line.startsWith("seg"))

describe("HLS", () => {
  let loop: IndexedLoop
  const at = (seconds: number, window = 6) =>
    mediaPlaylist(loop, positionAt(loop, seconds), window, (n) => `seg${n}.ts`)
  beforeAll(async () => {
    loop = await renderLoop(smallRecipe)
  })

  it("lists as many segments as the window has, the last being complete", () => {
    const text = at(96_000 + 1.0)
    expect(sequenceOf(text)).toBe(50_000 - 6)
    expect(names(text)).toEqual([49_994, 49_995, 49_996, 49_997, 49_998, 49_999].map((n) => `seg${n}.ts`))
    expect(durations(text)).toEqual(Array(6).fill(1.92))
    expect(text).toContain("#EXT-X-TARGETDURATION:2\n")
    expect(text).not.toContain("ENDLIST")
    expect(names(at(96_000, 30)).length).toBe(30)
  })

  it("slides by one segment each 1.92 s, over the seam too", () => {
    const sequences = Array.from({ length: 12 }, (_, n) => sequenceOf(at(96_000.5 + n * 1.92)))
    expect(sequences).toEqual(Array.from({ length: 12 }, (_, n) => 49_994 + n))
  })

  it("has segments that are the endless stream, cut", () => {
    const position = positionAt(loop, 96_010)
    const bytes = Array.from(
      { length: 7 },
      (_, n) => segment(loop, position, 6, 49_996 + n) ?? Buffer.alloc(0),
    )
    const stream = packetsBetween(loop, entry(loop, 49_996).position, entry(loop, 50_003).position)
    expect(Buffer.concat(bytes).equals(stream)).toBe(true)
  })

  it("has no segment before it is complete or long after", () => {
    const position = positionAt(loop, 96_000.5)
    expect(segment(loop, position, 6, 49_999)).not.toBeNull()
    expect(segment(loop, position, 6, 50_000)).toBeNull()
    expect(segment(loop, position, 6, 49_984)).not.toBeNull()
    expect(segment(loop, position, 6, 49_983)).toBeNull()
  })

  it("says a target that no segment of a radio channel rounds above", async () => {
    const radio = await renderLoop(radioRecipe)
    const text = mediaPlaylist(radio, positionAt(radio, 96_000), 5, (n) => `seg${n}.ts`)
    const target = Number(/TARGETDURATION:(\d+)/.exec(text)?.[1])
    expect(Math.max(...durations(text).map(Math.round))).toBeLessThanOrEqual(target)
    expect(durations(text).reduce((sum, each) => sum + each)).toBeCloseTo(9.6, 2)
  })

  it("offers its variants with bandwidth and size", () => {
    const common = { picture: true, width: 320, height: 180 }
    const text = masterPlaylist([
      { ...common, url: "full.m3u8", bitsPerSecond: 2 },
      { ...common, url: "low.m3u8", bitsPerSecond: 1 },
    ])
    expect(text).toMatch(/BANDWIDTH=2,RESOLUTION=320x180.*\nfull\.m3u8\n.*BANDWIDTH=1,.*\nlow\.m3u8\n$/)
  })
})
