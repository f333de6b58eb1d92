import { hash32 } from "@tributary/shared/catalogue/channel-id"
import { type GroupBy, groupKey, normaliseName } from "@tributary/shared/catalogue/group-key"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { RecordWriter } from "../../catalogue/record-writer.ts"
import { seededRandom } from "../../test-inputs.ts"
import { ChannelKeys } from "../channels/channel-key.ts"
import { entry } from "../test-catalogue.ts"
import { ByteWriter } from "./byte-writer.ts"
import { HashTable } from "./hash-table.ts"
import { Hashes } from "./hashes.ts"
import { NormalisedName } from "./normalised-name.ts"
import { RecordSet } from "./record-set.ts"

fc.configureGlobal({ seed: 20_261_121 })

const latin = fc.integer({ min: 0x20, max: 0x17f }).map((code) => String.fromCodePoint(code))
const names = fc.oneof(
  fc.string({ unit: latin, minLength: 1 }),
  fc.string({ unit: "grapheme", minLength: 1 }),
  fc.string({
    unit: fc.constantFrom("A", "b", " ", "\t", "É", "ß", "ｗ", "İ", "Σ", "\u200b", "4K"),
    minLength: 1,
  }),
)

/** Records of these names, as a list would give them. */
function recordsOf(all: string[], tvgId = ""): RecordSet {
  const records = new RecordSet(0)
  const writer = new RecordWriter((part) => records.addPart(part, 0))
  for (const name of all) writer.write(entry(name, "x", { "tvg-id": tvgId }))
  writer.finish()
  return records
}

describe("columns over records", () => {
  it("group by the same key as the shared rule, and hash it alike", () => {
    fc.assert(
      fc.property(
        names,
        fc.constantFrom<GroupBy>("name", "tvg-id", "quality"),
        fc.constantFrom("", "Bbc.UK"),
        (name, groupBy, tvgId) => {
          const records = recordsOf([name], tvgId)
          const shown = records.open(0).text("name")
          const { one } = new ChannelKeys(records, groupBy).of(0)
          expect(one).toBe(hash32(groupKey(groupBy, { name: shown, tvgId: records.open(0).text("tvgId") })))
        },
      ),
      { numRuns: 400 },
    )
  })

  it("normalise names as the shared rule does", () => {
    fc.assert(
      fc.property(names, (name) => {
        const records = recordsOf([name])
        const { bytes, length } = new NormalisedName().read(records.open(0))
        expect(bytes.toString("utf8", 0, length)).toBe(normaliseName(records.text("name")))
      }),
      { numRuns: 400 },
    )
    const long = "Ab ".repeat(5000)
    const { bytes, length } = new NormalisedName().read(recordsOf([long]).open(0))
    expect(bytes.toString("utf8", 0, length)).toBe("ab".repeat(5000))
  })

  it("hash as the shared hash does, in one go or in parts, and tell apart what that one cannot", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string(), (first, second) => {
        expect(new Hashes().begin().text(first).text(second).end().one).toBe(hash32(first + second))
        const { state } = new Hashes().begin().text(first)
        expect(new Hashes().begin(state).text(second).end().two).toBe(
          new Hashes()
            .begin()
            .text(first + second)
            .end().two,
        )
      }),
    )
    const seen = new Map<number, string>()
    let collisions = 0
    const random = seededRandom(1)
    for (let at = 0; at < 300_000; at++) {
      const text = random.below(2 ** 32).toString(36) + at
      const { one, two } = new Hashes().begin().text(text).end()
      const other = seen.get(one)
      if (other !== undefined) {
        collisions++
        expect(new Hashes().begin().text(other).end().two).not.toBe(two)
      }
      seen.set(one, text)
    }
    expect(collisions).toBeGreaterThan(0)
  })

  it("have every record's fields where they are, over many parts", () => {
    const all = Array.from({ length: 1000 }, (_, at) => `Name ${at}`)
    const records = new RecordSet(10)
    const writer = new RecordWriter((part) => records.addPart(part, 3), 512)
    for (const name of all) writer.write(entry(name, `http://h/${name}`, { "tvg-id": name }))
    writer.finish()
    expect(records.count).toBe(1000)
    for (const at of [0, 999, 500, 500, 1]) {
      records.open(at)
      expect([
        records.text("name"),
        records.text("tvgId"),
        records.text("locator"),
        records.isEmpty("logo"),
      ]).toEqual([`Name ${at}`, `Name ${at}`, `uhttp://h/Name ${at}`, true])
    }
    expect(records.source(7)).toBe(3)
  })
})

describe("a hash table", () => {
  it("is a map from pairs to the first number that each was given, however many there are", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 3 })), {
          maxLength: 200,
        }),
        (pairs) => {
          const table = new HashTable(1)
          const model = new Map<string, number>()
          pairs.forEach(([one, two], value) => {
            const key = `${one} ${two}`
            expect(table.get(one, two)).toBe(model.get(key) ?? -1)
            if (!model.has(key)) model.set(key, value)
            expect(table.add(one, two, value)).toBe(model.get(key))
            expect(table.size).toBe(model.size)
          })
        },
      ),
    )
  })

  it("keeps keys apart that are nearly equal", () => {
    const table = new HashTable(10)
    const extremes = [0, 1, 0xffff_ffff, 0x8000_0000, 0x7fff_ffff]
    const all = extremes.flatMap((one) => extremes.map((two) => [one, two] as const))
    all.forEach(([one, two], value) => {
      table.add(one, two, value)
    })
    all.forEach(([one, two], value) => {
      expect(table.get(one, two)).toBe(value)
    })
  })
})

describe("a byte writer", () => {
  it("writes JSON strings, numbers and copies as the runtime does", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.integer({ min: 0, max: 0xffff_ffff }),
        (text, number) => {
          const out = new ByteWriter(1)
          const bytes = Buffer.from(text)
          out
            .json(bytes, 0, bytes.length)
            .number(number)
            .byte(0x20)
            .number(number, 36)
            .copy(bytes)
            .text(text)
            .ascii("!")
          const written = out.take().toString()
          const json = written.slice(
            0,
            written.length - `${number} ${number.toString(36)}${text}${text}!`.length,
          )
          expect(JSON.parse(json)).toBe(text)
          expect(written).toBe(`${json}${number} ${number.toString(36)}${text}${text}!`)
          expect(out.length).toBe(0)
        },
      ),
    )
    for (let length = 0; length < 60; length++) {
      const text = "x".repeat(length)
      expect(new ByteWriter(1).ascii(text).copy(Buffer.from(text)).take().toString()).toBe(text + text)
    }
  })
})
