/** What an `#EXTINF` line says. */
export interface Extinf {
  /** In the order they were written; unknown ones included. */
  attributes: [name: string, value: string][]
  name: string
}

const attributeStart = /\s*([A-Za-z0-9_-]+)=/y

/**
 * Reads `#EXTINF:-1 tvg-id="x" group-title="News, Weather",Name, with commas`. The name begins after the
 * first comma that is outside an attribute's quotes. A quoted value ends at the quote that is followed by
 * a space, a comma or the end, so that a stray quote inside a value does no harm.
 */
export function parseExtinf(line: string): Extinf {
  const attributes: [string, string][] = []
  let at = skipDuration(line)
  while (at < line.length && line[at] !== ",") {
    attributeStart.lastIndex = at
    const match = attributeStart.exec(line)
    if (match?.[1] === undefined) {
      at = nextStop(line, at)
      continue
    }
    const from = attributeStart.lastIndex
    const value = line[from] === '"' ? quotedValue(line, from + 1) : bareValue(line, from)
    attributes.push([match[1], value.text])
    at = value.end
  }
  return { attributes, name: line.slice(at + 1).trim() }
}

function skipDuration(line: string): number {
  const match = /^#EXTINF:\s*-?\d*(?:\.\d+)?/i.exec(line)
  return match === null ? 0 : match[0].length
}

/** Past what is neither an attribute nor the comma before the name. */
function nextStop(line: string, from: number): number {
  let at = from + 1
  while (at < line.length && line[at] !== "," && line[at] !== " " && line[at] !== "\t") at++
  return at
}

function quotedValue(line: string, from: number): { text: string; end: number } {
  let at = line.indexOf('"', from)
  while (at >= 0 && !/^(?:[\s,]|$)/.test(line.slice(at + 1, at + 2))) at = line.indexOf('"', at + 1)
  if (at >= 0) return { text: line.slice(from, at), end: at + 1 }
  // The closing quote is missing: the value ends before the name.
  const comma = line.indexOf(",", from)
  return comma < 0
    ? { text: line.slice(from), end: line.length }
    : { text: line.slice(from, comma), end: comma }
}

function bareValue(line: string, from: number): { text: string; end: number } {
  let at = from
  while (at < line.length && line[at] !== "," && line[at] !== " " && line[at] !== "\t") at++
  return { text: line.slice(from, at), end: at }
}
