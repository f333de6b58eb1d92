import { isUtf8 } from "node:buffer"
import { decodeEntities, escapeXml } from "./entities.ts"
import type { ScratchBytes } from "./scratch-bytes.ts"
import type { TextDecoding } from "./text-encoding.ts"

// What a byte of a text needs: nothing, a check for UTF-8, a closer look, or that only in an attribute. 0xef
// begins the characters that XML forbids (U+FFFE, U+FFFF), 0xc2 the C1 controls.
const high = 1
const special = 2
const quoted = 4
const needs = new Uint8Array(256)
needs.fill(special, 0, 0x20)
needs.fill(high, 0x80)
for (const char of ["&", "<", ">", "\x7f"]) needs[char.charCodeAt(0)] = special
for (const byte of [0xc2, 0xef]) needs[byte] = special
needs[0x22] = quoted

const cdataStart = "<![CDATA["
const cdataEnd = "]]>"
// People's pictures and pages stand in the middle of their names (`actor` and the like).
const embedded = /<(image|url)\b[^<>]*>[^<]*<\/\1>/g
const markup = /<[A-Za-z/!?][^<>]*>/g
const lineBreaks = /[\r\n\t]/
// XML 1.0 2.2, without white space; and the other controls, which no text needs.
const forbidden = /[\p{Cc}\uFFFE\uFFFF]/gu

/** Texts of a guide: from bytes as they come to clean text, or to clean XML. */
export class XmlText {
  readonly #decoding: TextDecoding

  constructor(decoding: TextDecoding) {
    this.#decoding = decoding
  }

  /** Content or attribute value as text: trimmed, on one line, without markup and forbidden characters. */
  read(bytes: Buffer, start: number, end: number): string {
    const raw = this.#decoding.decode(bytes, start, end)
    return oneLine(raw.includes("<") ? withoutMarkup(raw) : decodeEntities(raw))
  }

  /** Adds a content as clean XML; false when nothing is left of it. */
  writeContent(out: ScratchBytes, bytes: Buffer, start: number, end: number): boolean {
    return this.#write(out, bytes, start, end, special)
  }

  /** Adds an attribute's value, for double quotes; false when nothing is left of it. */
  writeValue(out: ScratchBytes, bytes: Buffer, start: number, end: number): boolean {
    return this.#write(out, bytes, start, end, special | quoted)
  }

  #write(out: ScratchBytes, bytes: Buffer, start: number, end: number, unsafe: number): boolean {
    let from = start
    let to = end
    while (from < to && (bytes[from] as number) <= 0x20) from++
    while (from < to && (bytes[to - 1] as number) <= 0x20) to--
    let found = 0
    for (let at = from; at < to; at++) {
      const byte = bytes[at] as number
      found |= needs[byte] as number
    }
    const isClean = (found & unsafe) === 0 && ((found & high) === 0 || isUtf8(bytes.subarray(from, to)))
    if (isClean) out.copy(bytes, from, to)
    else {
      const text = this.read(bytes, from, to)
      out.text(escapeXml(text))
      return text !== ""
    }
    return to > from
  }
}

function withoutMarkup(raw: string): string {
  let text = ""
  let at = 0
  for (;;) {
    const cdata = raw.indexOf(cdataStart, at)
    const end = cdata < 0 ? -1 : raw.indexOf(cdataEnd, cdata)
    const plain = raw.slice(at, end < 0 ? raw.length : cdata)
    text += decodeEntities(plain.replace(embedded, " ").replace(markup, " "))
    if (end < 0) return text
    text += raw.slice(cdata + cdataStart.length, end)
    at = end + cdataEnd.length
  }
}

function oneLine(text: string): string {
  const joined = lineBreaks.test(text)
    ? text
        .split(/[\r\n\t]+/)
        .map((line) => line.trim())
        .filter((line) => line !== "")
        .join(" ")
    : text
  return joined.replace(forbidden, "").toWellFormed().trim()
}
