export type SplitArguments = { ok: true; words: string[] } | { ok: false; message: string }

const endsAWord = /\s/
// What a shell would act on. Here it would only be a part of a word, which nobody means who writes it.
const actedOnByShells = new Set([..."$`;|&<>"])
const actedOnInDoubleQuotes = new Set([..."$`"])

/**
 * Splits a template into words as a shell would ('…', "…" and \), of which there is none: nothing is expanded, run or
 * sent anywhere, and what a shell would act on is refused unless it is quoted. A \ joins lines.
 */
export function splitArguments(template: string): SplitArguments {
  const words: string[] = []
  let word: string | null = null
  let quote: "'" | '"' | null = null
  for (let at = 0; at < template.length; at++) {
    const character = template[at] ?? ""
    if (character === "\n" || character === "\r")
      return { ok: false, message: "has a line break, which a shell would end a command at: write one line" }
    if (quote === null && endsAWord.test(character)) {
      if (word !== null) words.push(word)
      word = null
    } else if (isControl(character)) {
      return { ok: false, message: `has a control character after "${template.slice(0, at).slice(-20)}"` }
    } else if (character === quote) {
      quote = null
    } else if (quote === null && (character === "'" || character === '"')) {
      quote = character
      word ??= ""
    } else if (character === "\\" && quote !== "'") {
      const next = template[at + 1]
      if (next === undefined) return { ok: false, message: "ends with a \\ that has nothing to escape" }
      // Within "…" a backslash is one, but before what it can escape (POSIX.1-2017, shell 2.2.3).
      const escapes = quote === null || '$`"\\\n'.includes(next)
      if (next === "\n") at++
      else if (isControl(next)) return { ok: false, message: "has a control character after a \\" }
      else if (escapes) {
        word = (word ?? "") + next
        at++
      } else word = `${word ?? ""}\\`
    } else if (
      (quote === null && actedOnByShells.has(character)) ||
      (quote === '"' && actedOnInDoubleQuotes.has(character))
    ) {
      return { ok: false, message: noShell(template, at) }
    } else {
      word = (word ?? "") + character
    }
  }
  if (quote !== null) return { ok: false, message: `has a ${quote} that is not closed` }
  if (word !== null) words.push(word)
  return { ok: true, words }
}

/** Quotes what stands around the character, so that it is found in a long template. */
function noShell(template: string, at: number): string {
  const [before] = /\S*$/.exec(template.slice(0, at)) ?? [""]
  const [after] = /^\S*/.exec(template.slice(at)) ?? [""]
  return `"${template[at]}" has no meaning here, there is no shell: "${before}${after}" (in '…' it stands for itself)`
}

const isControl = (character: string) => character < " " || character === "\u007f"
