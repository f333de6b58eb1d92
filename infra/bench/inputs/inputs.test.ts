import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { m3uEntry } from "./m3u-entry.ts"
import { m3uList, writeTexts, xmltvGuide } from "./write-inputs.ts"

const owner = { server: "http://panel.test", username: "ann", password: "secret" }

describe("a generated list", () => {
  it("has a line of attributes and an address for each entry, the same each time", () => {
    const list = [...m3uList(1000, owner)]
    expect(list).toEqual([...m3uList(1000, owner)])
    expect(list).toHaveLength(1001)
    expect(list[7]).toMatch(
      /^#EXTINF:-1 tvg-id="c7\.\w\w" tvg-name="(.+)" tvg-logo="[^"]+" group-title="[^"]+",\1\nhttp:\/\/panel\.test\/live\/ann\/secret\/7\.ts\n$/,
    )
  })

  it("has other channels in other entries, of some 220 bytes", () => {
    const list = [...m3uList(100_000, owner)].slice(1)
    expect(new Set(list.map((entry) => entry.slice(entry.indexOf(",")))).size).toBe(list.length)
    expect(Buffer.byteLength(list.join("")) / list.length).toBeGreaterThan(190)
    expect(Buffer.byteLength(list.join("")) / list.length).toBeLessThan(240)
  })

  it("changes in each so-manyth entry only", () => {
    const [plain, changed] = [[...m3uList(100, owner)], [...m3uList(100, owner, 10)]]
    expect(changed.filter((entry, at) => entry !== plain[at])).toHaveLength(10)
    expect(changed[10]).not.toBe(m3uEntry(10, owner))
  })
})

describe("a generated guide", () => {
  const start = Date.UTC(2026, 10, 21) / 1000
  const guide = [...xmltvGuide({ channels: 3, programmesEach: 4, start })].join("")

  it("has the channels of the list, and their programmes one after the other", () => {
    const of = (text: string) => [...text.matchAll(/tvg-id="([^"]+)"/g)].map(([, id]) => id)
    const ids = of([...m3uList(3, owner)].join(""))
    expect([...guide.matchAll(/<channel id="([^"]+)"/g)].map(([, id]) => id)).toEqual(ids)
    const programmes = [...guide.matchAll(/start="(\d+) \+0000" stop="(\d+) \+0000" channel="([^"]+)"/g)]
    expect(programmes.map(([, , , id]) => id)).toEqual(ids.flatMap((id) => [id, id, id, id]))
    expect(programmes.slice(0, 2).map(([, from, to]) => [from, to])).toEqual([
      ["20261121000000", "20261121003000"],
      ["20261121003000", "20261121010000"],
    ])
  })

  it("has texts that differ", () => {
    const texts = [...guide.matchAll(/<desc[^>]*>([^<]+)</g)].map(([, text]) => text)
    expect(new Set(texts).size).toBe(12)
  })
})

it("texts are written whole, and their bytes are counted", () => {
  const folder = mkdtempSync(join(tmpdir(), "bench-inputs-"))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const texts = Array.from({ length: 3 }, () => "é".repeat(700_000))
  expect(writeTexts(join(folder, "texts"), texts)).toBe(4_200_000)
  expect(readFileSync(join(folder, "texts"), "utf8")).toBe(texts.join(""))
})
