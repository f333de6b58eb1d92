import { gunzipSync } from "node:zlib"
import type { GuideHead } from "@tributary/shared/snapshot/stored-guides"
import { describe, expect, it } from "vitest"
import { GuideParts } from "./guide-parts.ts"
import { recordBytes, recordHeadBytes, writeRecordHead } from "./record.ts"

const places = { titleStart: 0, titleEnd: 0, descriptionStart: 0, descriptionEnd: 0, language: "" }

/** A record whose body is one byte, so many times. */
function record(fill: number, bodyBytes: number): Buffer {
  const bytes = Buffer.alloc(recordHeadBytes + bodyBytes, fill)
  writeRecordHead(bytes, 0, { start: 1, stop: 2 }, bodyBytes, places)
  return bytes
}

const head = (place: Pick<GuideHead, "part" | "offset" | "bytes">): GuideHead => ({
  ...{ id: "", names: [], icon: "", programmes: 1, from: 1, until: 2 },
  ...place,
})

describe("a guide's parts", () => {
  it("hold each channel whole, at the place that its head says, however many parts there are", async () => {
    const uploaded = new Map<number, Buffer>()
    let count = 10
    const parts = new GuideParts(
      () => count++,
      async (part, bytes) => void uploaded.set(part, bytes),
    )
    const records = Array.from({ length: 40 }, (_, number) => record(number, 1_500_000 + number))
    const heads: GuideHead[] = []
    for (const bytes of records) heads.push(head(await parts.add(bytes, [0])))
    const { heads: headsPart } = await parts.finish(heads)
    expect(parts.parts.length).toBeGreaterThan(10)
    for (const [number, { part, offset, bytes }] of heads.entries()) {
      const unpacked = gunzipSync(uploaded.get(parts.parts[part] ?? -1) ?? "")
      expect(unpacked.subarray(offset, offset + bytes).equals(records[number] ?? Buffer.alloc(0))).toBe(true)
      expect(recordBytes(unpacked, offset)).toBe(bytes)
    }
    const lines = gunzipSync(uploaded.get(headsPart) ?? "").toString()
    expect(
      lines
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual(heads)
  })

  it("fail when a part cannot be stored", async () => {
    const parts = new GuideParts(
      () => 0,
      async () => Promise.reject(new Error("away")),
    )
    await parts.add(record(1, 10), [0])
    await expect(parts.finish([])).rejects.toThrow("away")
    await parts.settled()
  })
})
