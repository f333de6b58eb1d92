import type { ElementRule, RuleSet } from "./element-rules.ts"
import { isNameAt, nameEnd, tagEnd } from "./tag.ts"

// A broken element is not searched for ever for the ends of its children.
const maxUnclosed = 32
const slash = 0x2f
const isLetter = (byte: number | undefined) =>
  byte !== undefined && ((byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a))

/** Walks through the child elements between two places; unknown ones are passed over whole. */
export class ChildElements {
  tagStart = 0
  /** After its name, and its `>`: between are its attributes. */
  attributesStart = 0
  attributesEnd = 0
  contentStart = 0
  contentEnd = 0
  #unclosed = 0
  #at: number
  readonly #bytes: Buffer
  readonly #end: number
  readonly #rules: RuleSet

  constructor(bytes: Buffer, start: number, end: number, rules: RuleSet) {
    this.#bytes = bytes
    this.#at = start
    this.#end = end
    this.#rules = rules
  }

  /** The rule of the next child, whose places are in this object; null after the last one. */
  next(): ElementRule | null {
    const bytes = this.#bytes
    while (this.#unclosed < maxUnclosed) {
      const open = bytes.indexOf(0x3c, this.#at)
      if (open < 0 || open >= this.#end) return null
      if (!isLetter(bytes[open + 1])) {
        this.#at = this.#afterMarkup(open)
        continue
      }
      const close = tagEnd(bytes, open, this.#end)
      if (close < 0) {
        this.#at = open + 1
        continue
      }
      const afterName = nameEnd(bytes, open + 1, close)
      const rule = this.#rules.rules[this.#rules.names.find(bytes, open + 1, afterName)]
      this.tagStart = open
      this.attributesStart = afterName
      this.attributesEnd = close
      this.#findContent(
        close,
        rule?.end ?? Buffer.from(`</${bytes.toString("latin1", open + 1, afterName)}`, "latin1"),
      )
      if (rule !== undefined) return rule
    }
    return null
  }

  #findContent(close: number, endTag: Buffer): void {
    const bytes = this.#bytes
    this.contentStart = close + 1
    this.contentEnd = close + 1
    this.#at = close + 1
    if (bytes[close - 1] === slash) return
    for (let at = bytes.indexOf(0x3c, close); at >= 0 && at < this.#end; at = bytes.indexOf(endTag, at + 1))
      if (bytes[at + 1] === slash && isNameAt(bytes, at, endTag)) {
        this.contentEnd = at
        this.#at = at + endTag.length
        return
      }
    // Its end tag is missing: it ends where the next tag begins.
    this.#unclosed++
    const next = bytes.indexOf(0x3c, close)
    this.contentEnd = next < 0 || next > this.#end ? this.#end : next
    this.#at = this.contentEnd
  }

  #afterMarkup(open: number): number {
    const isComment = this.#bytes[open + 1] === 0x21 && this.#bytes[open + 2] === 0x2d
    const end = isComment ? this.#bytes.indexOf("-->", open) : -1
    if (isComment && (end < 0 || end > this.#end)) this.#unclosed++
    return end < 0 || end > this.#end ? open + 1 : end + 3
  }
}
