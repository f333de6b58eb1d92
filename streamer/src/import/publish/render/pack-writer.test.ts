import { gunzipSync } from "node:zlib"
import type { View } from "@tributary/shared/snapshot/manifest"
import { describe, expect, it } from "vitest"
import { seededRandom } from "../../test-inputs.ts"
import { PackWriter } from "./pack-writer.ts"
import { ViewWriter } from "./view-writer.ts"

const mebibyte = 1024 * 1024
/** Bytes that do not get smaller. */
function noise(length: number, seed: number): Buffer {
  const random = seededRandom(seed)
  return Buffer.from(
    Uint32Array.from({ length: Math.ceil(length / 4) }, () => random.below(2 ** 32)).buffer,
    0,
    length,
  )
}

function packs() {
  const uploaded: Buffer[] = []
  const writer = new PackWriter({
    upload: async (number, pack) => {
      uploaded[number] = pack
    },
  })
  const read = (view: View) =>
    view.length === 0
      ? ""
      : gunzipSync(
          Buffer.concat(
            view.map(
              ([pack, offset, length]) =>
                uploaded[pack]?.subarray(offset, offset + length) ?? Buffer.alloc(0),
            ),
          ),
        )
  return { writer, uploaded, read }
}

describe("packs", () => {
  it("hold texts as gzip streams of their own, in the order in which they were given", async () => {
    const { writer, uploaded, read } = packs()
    // Large ones are compressed in other threads, and are ready later than small ones that come after them.
    const texts = Array.from({ length: 40 }, (_, at) =>
      at % 3 === 0 ? `${at} `.repeat(200_000) : `small ${at}`,
    )
    const ranges = await Promise.all(texts.map((text) => writer.addText(text)))
    await writer.finish()
    expect(ranges.map((range) => read([range]).toString())).toEqual(texts)
    const offsets = ranges.map(([pack, offset]) => pack * 1e9 + offset)
    expect(offsets).toEqual(offsets.toSorted((a, b) => a - b))
    expect(uploaded.map((pack) => pack.length)).toEqual([...writer.lengths])
  })

  it("are of at most 8 MiB, whatever is put into them", async () => {
    const { writer, uploaded, read } = packs()
    const texts = Array.from({ length: 9 }, (_, at) => noise(2.5 * mebibyte, at))
    const ranges = []
    for (const text of texts) ranges.push(await writer.addText(text))
    await writer.finish()
    expect(uploaded.length).toBe(3)
    for (const pack of uploaded) expect(pack.length).toBeLessThanOrEqual(8 * mebibyte)
    ranges.forEach((range, at) => {
      expect(Buffer.compare(read([range]) as Buffer, texts[at] ?? Buffer.alloc(0))).toBe(0)
    })
  })

  it("hold a view larger than a pack as one gzip stream in several ranges", async () => {
    const { writer, uploaded, read } = packs()
    const view = new ViewWriter(writer)
    const other = new ViewWriter(writer)
    const pieces = Array.from({ length: 40 }, (_, at) => noise(mebibyte, at))
    for (const [at, piece] of pieces.entries()) {
      view.out.copy(piece)
      view.flush()
      // Two that are written in turn do not disturb each other.
      if (at % 10 === 0) other.out.copy(noise(mebibyte, 1000 + at))
      if (at % 20 === 0) other.flush()
    }
    view.out.text("the end")
    const [one, two] = [await view.end(), await other.end()]
    await writer.finish()
    expect(Buffer.compare(read(one) as Buffer, Buffer.concat([...pieces, Buffer.from("the end")]))).toBe(0)
    expect(read(two)).toHaveLength(4 * mebibyte)
    expect(uploaded.length).toBeGreaterThan(2)
    // Pieces that lie side by side are one range.
    for (const [at, [pack, offset]] of one.entries()) {
      const before = one[at - 1]
      if (before !== undefined) expect([before[0], before[1] + before[2]]).not.toEqual([pack, offset])
    }
  })

  it("have an empty view for nothing, and are none without anything in them", async () => {
    const { writer, uploaded } = packs()
    expect(await new ViewWriter(writer).end()).toEqual([])
    await writer.finish()
    expect(uploaded).toEqual([])
    expect(writer.lengths).toEqual([])
  })

  it("fail for whoever is waiting when an upload fails", async () => {
    const writer = new PackWriter({ upload: () => Promise.reject(new Error("no storage")) })
    await writer.addText("x")
    await expect(writer.finish()).rejects.toThrow("no storage")
    await expect(writer.addText("y")).rejects.toThrow("no storage")
  })
})
