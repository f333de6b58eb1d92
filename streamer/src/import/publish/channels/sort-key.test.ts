import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { writeSortKey } from "./sort-key.ts"

fc.configureGlobal({ seed: 20_261_122 })

const key = (text: string) => {
  const bytes = Buffer.from(text)
  const target = new Uint8Array(4096)
  return Buffer.from(target.subarray(0, writeSortKey(bytes, 0, bytes.length, target)))
}
const compare = (a: string, b: string) => Math.sign(Buffer.compare(key(a), key(b)))
const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" })

describe("a sort key", () => {
  it("orders as people sort: as the runtime's collation does with numbers, and without case and accents", () => {
    // Punctuation is left out: the collation gives some of it no weight beside letters, as lists of channels want.
    const words = fc.string({
      unit: fc.constantFrom("a", "B", "c", "É", "e", "z", "0", "7", "12", "003", " "),
      maxLength: 12,
    })
    fc.assert(
      fc.property(words, words, (a, b) => {
        expect(compare(a, b)).toBe(Math.sign(collator.compare(a, b)))
      }),
      { numRuns: 3000 },
    )
  })

  it("puts signs before digits, digits before letters, and Latin letters before others", () => {
    const order = [
      " x",
      "-x",
      "#x",
      "+x",
      "1",
      "9",
      "10",
      "100000000000",
      "200000000000",
      "a",
      "Äb",
      "b",
      "ж",
      "日",
    ]
    for (const [at, one] of order.entries())
      for (const other of order.slice(at + 1))
        expect([one, other, compare(one, other)]).toEqual([one, other, -1])
  })

  it("compares numbers of any length", () => {
    const numbers = fc.bigInt({ min: 0n, max: 10n ** 40n })
    fc.assert(
      fc.property(numbers, numbers, fc.integer({ min: 0, max: 3 }), (a, b, zeros) => {
        expect(compare(`C ${"0".repeat(zeros)}${a}`, `C ${b}`)).toBe(a < b ? -1 : a > b ? 1 : 0)
      }),
    )
  })

  it("is that of the text without its accents, whatever Latin letters it has", () => {
    const latin = fc.integer({ min: 0x20, max: 0x17f }).map((code) => String.fromCodePoint(code))
    fc.assert(
      fc.property(fc.string({ unit: latin }), (text) => {
        const plain = text
          .normalize("NFKD")
          .replace(/(?<=[\p{Script=Latin}]\p{M}*)\p{M}/gu, "")
          .toLowerCase()
        // A letter of another script has both go the long way.
        expect(key(`${text}日`)).toEqual(Buffer.concat([key(text), key("日")]))
        expect(key(plain)).toEqual(key(text))
      }),
      { numRuns: 2000 },
    )
  })

  it("is the same whatever the case and the accents, and bounded for a name of any length", () => {
    expect(key("ÀÉÎ Straße")).toEqual(key("aei straße"))
    expect(key("x".repeat(100_000)).length).toBeLessThanOrEqual(2048)
    expect(key("é".repeat(100_000)).length).toBeLessThanOrEqual(2048)
    expect(key("1".repeat(100_000)).length).toBeLessThanOrEqual(4096)
  })
})
