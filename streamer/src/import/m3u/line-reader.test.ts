import { describe, expect, it } from "vitest"
import { ImportError } from "../import-error.ts"
import { inPieces, seededRandom } from "../test-inputs.ts"
import { LineReader } from "./line-reader.ts"
import { plainText } from "./plain-text.ts"

async function readPieces(pieces: readonly Buffer[] | AsyncIterable<Buffer>) {
  const all: string[] = []
  const lines = new LineReader((bytes, start, end) => {
    // What reads the bytes relies on it.
    expect(bytes[end] === 0x0a || /\s/.test(String.fromCharCode(bytes[end] ?? 0))).toBe(true)
    expect(bytes.indexOf(0x0a, end)).toBeGreaterThanOrEqual(end)
    all.push(bytes.toString("utf8", start, end))
  })
  for await (const piece of plainText(
    Array.isArray(pieces) ? inPieces(pieces) : (pieces as AsyncIterable<Buffer>),
  ))
    lines.add(piece)
  lines.finish()
  return all
}
const read = (...pieces: Buffer[]) => readPieces(pieces)

describe("lines of a byte stream", () => {
  const text = "\u{FEFF}eins\r\nzwölf\n\r\n日本 📺\r\n a\rb \nlast"
  const expected = ["eins", "zwölf", "日本 📺", "a\rb", "last"]

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
    expect(await read(Buffer.from("T\xe9l\xe9 \x80\n日本\n".replace("日本", "é"), "latin1"))).toEqual([
      "Télé €",
      "é",
    ])
    const mixed = Buffer.concat([
      Buffer.from("Télé 日本\n"),
      Buffer.from("T\xe9l\xe9\n", "latin1"),
      Buffer.from("日本"),
    ])
    expect(await read(mixed)).toEqual(["Télé 日本", "Télé", "日本"])
    expect(await read(Buffer.from([0xc3]))).toEqual(["Ã"])
    const random = seededRandom(1)
    const bytes = Buffer.from(Array.from({ length: 20_000 }, () => random.below(256)))
    const whole = await read(bytes)
    for (let turn = 0; turn < 50; turn++) {
      const cut = random.below(bytes.length)
      expect(await read(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(whole)
    }
  })

  it("may all end in a return alone, which elsewhere is none", async () => {
    const bytes = Buffer.from("#EXTM3U\r#EXTINF:-1,Öne\rhttp://h/1\r\r#x\ny\r\nz")
    const expected = ["#EXTM3U", "#EXTINF:-1,Öne", "http://h/1", "#x", "y", "z"]
    for (let cut = 0; cut <= bytes.length; cut++)
      expect(await read(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(expected)
    expect(await read(Buffer.from("a\r\nb\rc\n"))).toEqual(["a", "b\rc"])
    expect(await read(Buffer.from("a\nb\rc\n"))).toEqual(["a", "b\rc"])
  })

  it.each(["utf16le", "utf16be"])("are read from %s, which its mark tells", async (encoding) => {
    const bytes = Buffer.from(`\u{FEFF}eins\r\nzwölf\n日本 📺\n${"x\n".repeat(10_000)}`, "utf16le")
    if (encoding === "utf16be") bytes.swap16()
    for (const size of [1, 3, 4096]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, at * size + size),
      )
      const lines = await readPieces(pieces)
      expect(lines.slice(0, 4)).toEqual(["eins", "zwölf", "日本 📺", "x"])
      expect(lines).toHaveLength(10_003)
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
    await expect(readPieces(endless())).rejects.toThrow(ImportError)
    expect(sent).toBeLessThan(20)
  })
})
