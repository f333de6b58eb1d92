/**
 * The whole JSON objects that a text begins with, and what is left of it: several of them come with nothing in
 * between. Braces in strings are none.
 */
export function takeObjects(text: string): { objects: unknown[]; rest: string } {
  const objects: unknown[] = []
  let [from, depth, isQuoted] = [0, 0, false]
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (isQuoted) {
      if (character === "\\") at++
      else if (character === '"') isQuoted = false
    } else if (character === '"') isQuoted = true
    else if (character === "{") depth++
    else if (character === "}" && --depth === 0) {
      objects.push(JSON.parse(text.slice(from, at + 1)))
      from = at + 1
    }
  }
  return { objects, rest: text.slice(from) }
}
