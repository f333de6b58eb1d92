/** What an `#EXTINF` line says. */
export interface Extinf {
  /** In the order they were written; unknown ones included. */
  attributes: [name: string, value: string][]
  name: string
}

const attributeStart = /([^\s=",]+)=/y
const space = /\s/
// What follows a closing quote: the end, the name's comma, the next attribute (often without a space), or
// text of no meaning before the next value's opening quote. Anything else: the quote is part of the value.
const afterClosing = /\s*(?:,|$|[^\s=",]+=)|\s[^"]*(?:="|$)/y
// What precedes a quote that opens the next value: then this value's closing quote was forgotten.
const beforeOpening = /\s+[^\s=",]+=$/
const longestAttributeName = 100

/**
 * Reads `#EXTINF:-1 tvg-id="x" group-title="News, Weather",Name, with commas`. The name begins after the
 * first comma that is outside an attribute's quotes; without a comma, after the attributes. A stray quote
 * inside a value does no harm, a missing one costs no other attribute.
 */
export function parseExtinf(line: string): Extinf {
  const attributes: [string, string][] = []
  let at = skipDuration(line)
  let attributesEnd = at
  while (at < line.length && line[at] !== ",") {
    if (space.test(line[at] ?? "")) {
      at++
      continue
    }
    attributeStart.lastIndex = at
    const match = attributeStart.exec(line)
    if (match?.[1] === undefined) {
      at = wordEnd(line, at + 1)
      continue
    }
    const from = attributeStart.lastIndex
    const value = line[from] === '"' ? quotedValue(line, from + 1) : bareValue(line, from)
    attributes.push([match[1], value.text])
    at = value.end
    attributesEnd = at
  }
  const name = at < line.length ? line.slice(at + 1) : line.slice(attributesEnd)
  return { attributes, name: name.trim() }
}

function skipDuration(line: string): number {
  const match = /^#EXTINF:\s*[-+]?\d*(?:\.\d+)?/i.exec(line)
  return match === null ? 0 : match[0].length
}

function wordEnd(line: string, from: number): number {
  let at = from
  while (at < line.length && line[at] !== "," && !space.test(line[at] ?? "")) at++
  return at
}

function quotedValue(line: string, from: number): { text: string; end: number } {
  for (let at = line.indexOf('"', from); at >= 0; at = line.indexOf('"', at + 1)) {
    afterClosing.lastIndex = at + 1
    if (afterClosing.test(line)) return { text: line.slice(from, at), end: at + 1 }
    const before = line.slice(Math.max(from - 1, at - longestAttributeName), at)
    const next = beforeOpening.exec(before)
    if (next === null) continue
    const end = at - before.length + next.index
    return { text: line.slice(from, Math.max(from, end)), end: Math.max(from, end) }
  }
  // The closing quote is missing: the value ends before the name.
  const comma = line.indexOf(",", from)
  const end = comma < 0 ? line.length : comma
  return { text: line.slice(from, end), end }
}

function bareValue(line: string, from: number): { text: string; end: number } {
  const end = wordEnd(line, from)
  return { text: line.slice(from, end), end }
}
