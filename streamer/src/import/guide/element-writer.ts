import { ChildElements } from "./child-elements.ts"
import type { ElementRule, RuleSet } from "./element-rules.ts"
import { unescapeXml } from "./entities.ts"
import type { ScratchBytes } from "./scratch-bytes.ts"
import { Attributes } from "./tag.ts"
import type { XmlText } from "./xml-text.ts"

const tagClose = 0x3e
const quote = 0x22
const space = 0x20
const valueStart = Buffer.from('="')
const emptyEnd = Buffer.from("/>")

/** An element that was written: where it and its content lie in what was written. */
export interface WrittenElement {
  rule: ElementRule
  start: number
  end: number
  contentStart: number
  contentEnd: number
}

/** Writes elements of a guide as clean XML: well-formed, with nothing that xmltv.dtd does not know. */
export class ElementWriter {
  readonly out: ScratchBytes
  /** Texts that must not get out; what holds one is left out. */
  isSecret: ((text: string) => boolean) | null = null
  readonly #text: XmlText
  readonly #attributes = new Attributes()

  constructor(out: ScratchBytes, text: XmlText) {
    this.out = out
    this.#text = text
  }

  /** Writes the children between two places, in the DTD's order. */
  write(bytes: Buffer, start: number, end: number, rules: RuleSet): WrittenElement[] {
    const children = new ChildElements(bytes, start, end, rules)
    const written: WrittenElement[] = []
    let isOrdered = true
    for (let rule = children.next(); rule !== null; rule = children.next()) {
      if (rule.isSingle && written.some((other) => other.rule === rule)) continue
      const element = this.#element(bytes, children, rule)
      if (element === null) continue
      const last = written.at(-1)
      if (last !== undefined && last.rule.rank > rule.rank) isOrdered = false
      written.push(element)
    }
    return isOrdered ? written : this.#reorder(written)
  }

  #element(bytes: Buffer, child: ChildElements, rule: ElementRule): WrittenElement | null {
    const { out } = this
    const start = out.length
    const { contentStart: from, contentEnd: to } = child
    out.copy(rule.start, 0, rule.start.length)
    const isKept = this.#writeAttributes(bytes, child.attributesStart, child.attributesEnd, rule)
    const tagEnd = out.length
    out.byte(tagClose)
    const contentStart = out.length
    if (!isKept || !this.#writeContent(bytes, from, to, rule)) {
      out.length = start
      return null
    }
    const contentEnd = out.length
    if (contentEnd === contentStart) {
      out.length = tagEnd
      out.copy(emptyEnd, 0, emptyEnd.length)
    } else {
      out.copy(rule.end, 0, rule.end.length)
      out.byte(tagClose)
    }
    return { rule, start, end: out.length, contentStart, contentEnd }
  }

  /** False when the element is to be left out. */
  #writeContent(bytes: Buffer, start: number, end: number, rule: ElementRule): boolean {
    const { out } = this
    const from = out.length
    if (rule.children === null) {
      const isText = this.#text.writeContent(out, bytes, start, end)
      return (isText || rule.mayBeEmpty) && !this.#holdsSecret(from)
    }
    if (end > start && rule.children.rules.length > 0) this.write(bytes, start, end, rule.children)
    const { textChild } = rule
    if (out.length === from && textChild !== null) {
      out.text(`<${textChild}>`)
      if (this.#text.writeContent(out, bytes, start, end) && !this.#holdsSecret(from))
        out.text(`</${textChild}>`)
      else out.length = from
    }
    return out.length > from || rule.mayBeEmpty
  }

  /** False when the element is to be left out. */
  #writeAttributes(bytes: Buffer, start: number, end: number, rule: ElementRule): boolean {
    const { out } = this
    const attributes = this.#attributes
    let seen = 0
    attributes.begin(bytes, start, end)
    while (attributes.next()) {
      const { nameStart, nameEnd } = attributes
      const index = rule.attributes.find(bytes, nameStart, nameEnd)
      if (index < 0 || (seen & (1 << index)) !== 0) continue
      const from = out.length
      out.byte(space)
      out.copy(bytes, nameStart, nameEnd)
      out.copy(valueStart, 0, valueStart.length)
      const valueFrom = out.length
      const isText = this.#text.writeValue(out, bytes, attributes.valueStart, attributes.valueEnd)
      if (isText && this.#holdsSecret(valueFrom)) return false
      if (isText) {
        seen |= 1 << index
        out.byte(quote)
      } else out.length = from
    }
    return !rule.needsAttribute || (seen & 1) !== 0
  }

  #holdsSecret(from: number): boolean {
    if (this.isSecret === null) return false
    return this.isSecret(unescapeXml(this.out.bytes.toString("utf8", from, this.out.length)))
  }

  #reorder(written: WrittenElement[]): WrittenElement[] {
    const { out } = this
    const from = written[0]?.start ?? out.length
    const before = Buffer.from(out.bytes.subarray(from, out.length))
    out.length = from
    return written
      .toSorted((a, b) => a.rule.rank - b.rule.rank)
      .map((element) => {
        const moved = out.length - element.start
        out.copy(before, element.start - from, element.end - from)
        const { rule, start, end, contentStart, contentEnd } = element
        return {
          rule,
          start: start + moved,
          end: end + moved,
          contentStart: contentStart + moved,
          contentEnd: contentEnd + moved,
        }
      })
  }
}
