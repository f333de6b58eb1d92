/** An element as tests see it. */
export interface XmlElement {
  name: string
  attributes: Record<string, string>
  children: XmlElement[]
  text: string
}

const token =
  /<!--([\s\S]*?)-->|<\?[\s\S]*?\?>|<!DOCTYPE[^>]*>|<(\/?)([\w-]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y
const entity = /&(?:(lt|gt|amp|quot|apos)|#(\d+));/g
const named: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" }
// XML 1.0 2.2; and a reference must be a known one.
const forbidden = /[^\P{Cc}\t\n\r\u007f-\u009f]|[\ufffe\uffff]|&(?!(?:lt|gt|amp|quot|apos|#\d+);)|\]\]>/u

/**
 * A strict reader of well-formed XML, written apart from the importer's own. Gives the root; throws for anything
 * that XML 1.0 forbids, as far as guides go.
 */
export function readXml(xml: string): XmlElement {
  if (!xml.isWellFormed() || forbidden.test(xml)) throw new Error(`forbidden: ${forbidden.exec(xml)?.[0]}`)
  const document: XmlElement = { name: "", attributes: {}, children: [], text: "" }
  const open = [document]
  token.lastIndex = 0
  while (token.lastIndex < xml.length) {
    const from = token.lastIndex
    const match = token.exec(xml)
    if (match === null) throw new Error(`not XML at ${from}: ${xml.slice(from, from + 60)}`)
    const [, comment, slash, name, attributes = "", selfClosing, text] = match
    const parent = open.at(-1) as XmlElement
    if (comment?.includes("--")) throw new Error("-- in a comment")
    if (text !== undefined) parent.text += decoded(text)
    if (name === undefined) continue
    if (slash === "/") {
      if (open.pop()?.name !== name) throw new Error(`</${name}> ends another element`)
      continue
    }
    const element: XmlElement = { name, attributes: attributesOf(attributes), children: [], text: "" }
    parent.children.push(element)
    if (selfClosing !== "/") open.push(element)
  }
  const [root] = document.children
  if (open.length !== 1 || document.children.length !== 1 || root === undefined)
    throw new Error("not one whole element")
  return root
}

function attributesOf(text: string): Record<string, string> {
  const attributes: Record<string, string> = {}
  for (const [, name = "", value = ""] of text.matchAll(/([\w-]+)="([^"]*)"/g)) {
    if (name in attributes) throw new Error(`two of ${name}`)
    attributes[name] = decoded(value)
  }
  return attributes
}

function decoded(text: string): string {
  return text.replace(entity, (_, name?: string, code?: string) =>
    name === undefined ? String.fromCodePoint(Number(code)) : (named[name] ?? ""),
  )
}
