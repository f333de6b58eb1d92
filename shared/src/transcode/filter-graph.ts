/** A filter as a graph names it. */
export interface NamedFilter {
  name: string
  /** As they are written, quotes and escapes included. */
  options: string
}

export type FilterGraph =
  | { ok: true; filters: NamedFilter[] /** Of streams, without their brackets. */; labels: string[] }
  | { ok: false; message: string }

/**
 * Reads a filter graph: `[label]name=options[label],name;…` (ffmpeg-filters(1), "Filtergraph syntax"). Within '…'
 * everything stands for itself, and so does what follows a backslash.
 */
export function readFilterGraph(text: string): FilterGraph {
  const filters: NamedFilter[] = []
  const labels: string[] = []
  let current = ""
  const endFilter = () => {
    const written = current.trim()
    current = ""
    const [, name, options = ""] = /^([a-z0-9_]+)(?:@[A-Za-z0-9_]+)?(?:=(.*))?$/s.exec(written) ?? []
    if (name !== undefined) filters.push({ name, options })
    return name !== undefined
  }
  for (let at = 0; at < text.length; ) {
    const character = text[at] ?? ""
    if (character === "[") {
      const end = text.indexOf("]", at)
      const label = text.slice(at + 1, end)
      if (end < 0 || !/^[A-Za-z0-9_:#]+$/.test(label))
        return { ok: false, message: `has a [ that begins no label: "${text.slice(at, at + 20)}"` }
      labels.push(label)
      at = end + 1
    } else if (character === "," || character === ";") {
      if (!endFilter()) return unnamed(text, at)
      at++
    } else if (character === "]") {
      return { ok: false, message: 'has a "]" that ends no label' }
    } else {
      const token = tokenAt(text, at)
      if (token === null) return { ok: false, message: "has a ' that is not closed" }
      current += token
      at += token.length
    }
  }
  return endFilter() ? { ok: true, filters, labels } : unnamed(text, text.length)
}

/** A character, what is quoted, or what is escaped. */
function tokenAt(text: string, at: number): string | null {
  if (text[at] === "\\") return text.slice(at, at + 2)
  if (text[at] !== "'") return text[at] ?? ""
  const end = text.indexOf("'", at + 1)
  return end < 0 ? null : text.slice(at, end + 1)
}

const unnamed = (text: string, at: number): FilterGraph => ({
  ok: false,
  message: `names no filter where one is expected: "${text.slice(0, at).slice(-30)}"`,
})
