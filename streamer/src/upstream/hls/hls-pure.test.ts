import { createCipheriv } from "node:crypto"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { byteSlice } from "./byte-slice.ts"
import { rankVariants } from "./choose-variant.ts"
import { ivOf, SegmentDecipher } from "./decrypt.ts"
import { readPlaylist } from "./read-playlist.ts"
import { reloadMilliseconds, silentAfterMilliseconds, stalledAfterMilliseconds } from "./reload-delay.ts"
import { renumber } from "./renumber.ts"

describe("the order of variants", () => {
  const variant = (bitsPerSecond: number, hasVideo = true, soundUrl: string | null = null) => ({
    ...{ url: `http://a.test/${bitsPerSecond}`, bitsPerSecond, hasVideo, soundUrl },
  })
  const all = [variant(2), variant(9, false), variant(5), variant(7, true, "http://a.test/sound"), variant(3)]
  const order = (wanted: "highest" | "lowest" | number) =>
    rankVariants(all, wanted).map(({ bitsPerSecond }) => bitsPerSecond)

  it("begins with the wanted one, leaves sound apart and sound alone to the last", () => {
    expect(order("highest")).toEqual([5, 3, 2, 7, 9])
    expect(order("lowest")).toEqual([2, 3, 5, 7, 9])
    expect(order(4)).toEqual([3, 2, 5, 7, 9])
    expect(order(1)).toEqual([2, 3, 5, 7, 9])
    expect(order(100)).toEqual([5, 3, 2, 7, 9])
  })
})

describe("times", () => {
  it("follow the target duration (RFC 8216 6.3.4)", () => {
    expect([reloadMilliseconds(6, true), reloadMilliseconds(6, false)]).toEqual([6_000, 3_000])
    expect([reloadMilliseconds(0.1, true), reloadMilliseconds(10_000, true)]).toEqual([250, 60_000])
    expect([stalledAfterMilliseconds(10, 5_000), stalledAfterMilliseconds(1, 5_000)]).toEqual([30_000, 5_000])
    expect(silentAfterMilliseconds(10, 5_000)).toBe(25_000)
  })
})

describe("decryption", () => {
  const key = Buffer.alloc(16, 7)

  it("gives what was encrypted, however it is cut", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.integer({ min: 1, max: 90 }), (plain, size) => {
        const cipher = createCipheriv("aes-128-cbc", key, ivOf(5))
        const sent = Buffer.concat([cipher.update(plain), cipher.final()])
        const decipher = new SegmentDecipher(key, ivOf(5))
        const parts: Buffer[] = []
        for (let at = 0; at < sent.length; at += size) parts.push(decipher.push(sent.subarray(at, at + size)))
        expect(Buffer.concat([...parts, decipher.end()]).equals(Buffer.from(plain))).toBe(true)
      }),
    )
  })

  it("keeps the last block where nothing was padded", () => {
    const plain = Buffer.alloc(32, 0x47)
    const cipher = createCipheriv("aes-128-cbc", key, ivOf(1)).setAutoPadding(false)
    const decipher = new SegmentDecipher(key, ivOf(1))
    expect(Buffer.concat([decipher.push(cipher.update(plain)), decipher.end()]).equals(plain)).toBe(true)
  })

  it("has the number as the vector, big-endian", () => {
    expect(ivOf(258).toString("hex")).toBe("00000000000000000000000000000102")
  })
})

describe("a part of a whole", () => {
  it("is cut out, however it comes", () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), fc.integer({ min: 1, max: 20 }), (offset, length, size) => {
        const whole = Buffer.from(Array.from({ length: 100 }, (_, n) => n))
        const slice = byteSlice({ offset, length })
        const parts: Buffer[] = []
        for (let at = 0; at < 100; at += size) parts.push(slice.push(whole.subarray(at, at + size)))
        expect(Buffer.concat(parts).equals(whole.subarray(offset, offset + length))).toBe(true)
      }),
    )
  })
})

describe("numbers that a playlist leaves out", () => {
  const playlist = (...names: string[]) => {
    const lines = names.map((name) => `#EXTINF:2,\n${name}`)
    const read = readPlaylist(`#EXTM3U\n#EXT-X-TARGETDURATION:2\n${lines.join("\n")}\n`, "http://a.test/")
    if (read?.kind !== "media") throw new Error("no media playlist")
    return read
  }
  const numbered = (...loads: string[][]) => {
    let last = playlist(...(loads[0] ?? []))
    for (const names of loads.slice(1)) last = renumber(playlist(...names), last)
    return last.segments.map(({ sequence }) => sequence)
  }

  it("go on from the addresses that the one before had too", () => {
    expect(numbered(["a", "b", "c"], ["b", "c", "d"], ["d", "e"])).toEqual([3, 4])
    expect(numbered(["s?n=1", "s?n=2"], ["s?n=2", "s?n=3"])).toEqual([1, 2])
    expect(numbered(["a?t=1", "b?t=1"], ["b?t=2", "c?t=2"])).toEqual([1, 2])
    expect(numbered(["a", "b"], ["x", "y"])).toEqual([2, 3])
  })

  it("are left alone where it has them", () => {
    const read = { ...playlist("a"), isNumbered: true }
    expect(renumber(read, playlist("b", "a"))).toBe(read)
  })
})
