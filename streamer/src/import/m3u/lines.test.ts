import { describe, expect, it } from "vitest"
import { ImportError } from "../import-error.ts"
import { collected, seededRandom } from "../test-inputs.ts"
import { linesOf } from "./lines.ts"

async function* inPieces(pieces: readonly Buffer[]) {
  yield* pieces
}
const readPieces = (pieces: readonly Buffer[]) => collected(linesOf(inPieces(pieces)))
const read = (...pieces: Buffer[]) => readPieces(pieces)

describe("lines of a byte stream", () => {
  const text = "\u{FEFF}eins\r\nzwölf\n\r\n日本 📺\r\n a\rb \nlast"
  const expected = ["eins", "zwölf", "", "日本 📺", " a\rb ", "last"]

  it("are the same wherever the bytes are cut", async () => {
    const bytes = Buffer.from(text)
    for (let cut = 0; cut <= bytes.length; cut++)
      expect(await read(bytes.subarray(0, cut), bytes.subarray(cut)), `cut at ${cut}`).toEqual(expected)
    expect(await read(...[...bytes].map((byte) => Buffer.of(byte)))).toEqual(expected)
  })

  it("end with or without a line break, and are none of an empty answer", async () => {
    expect(await read(Buffer.from("a\n"))).toEqual(["a"])
    expect(await read(Buffer.from("a\r\n"))).toEqual(["a"])
    expect(await read(Buffer.from("a\r"))).toEqual(["a"])
    expect(await read()).toEqual([])
    expect(await read(Buffer.alloc(0), Buffer.alloc(0))).toEqual([])
  })

  it("are read from any bytes, and wrong encodings spoil only their own characters", async () => {
    const latin = Buffer.from("#EXTINF:-1,Télé\nhttp://h/1\n", "latin1")
    expect(await read(latin)).toEqual(["#EXTINF:-1,T\uFFFDl\uFFFD", "http://h/1"])
    expect(await read(Buffer.from([0xc3]))).toEqual(["\uFFFD"])
    const random = seededRandom(1)
    const bytes = Buffer.from(Array.from({ length: 20_000 }, () => random.below(256)))
    const whole = await read(bytes)
    for (let turn = 0; turn < 50; turn++) {
      const cut = random.below(bytes.length)
      expect(await read(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(whole)
    }
  })

  it("of a megabyte come whole, in linear time for small pieces", async () => {
    const long = "x".repeat(1024 ** 2)
    const bytes = Buffer.from(`${long}\n${long}`)
    const pieces = Array.from({ length: Math.ceil(bytes.length / 16) }, (_, at) =>
      bytes.subarray(at * 16, at * 16 + 16),
    )
    expect(await readPieces(pieces)).toEqual([long, long])
  })

  it("do not grow without an end", async () => {
    const piece = Buffer.alloc(1024 ** 2, "x")
    let sent = 0
    const endless = async function* () {
      for (;;) {
        sent++
        yield piece
      }
    }
    await expect(collected(linesOf(endless()))).rejects.toThrow(ImportError)
    expect(sent).toBeLessThan(20)
  })
})
