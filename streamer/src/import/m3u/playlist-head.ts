import { ImportError } from "../import-error.ts"

/** As much of an answer as tells what it is. */
export const headBytes = 8 * 1024

// biome-ignore lint/suspicious/noControlCharactersInRegex: they tell binary data.
const isBinary = /[\x00-\x08\x0e-\x1a\x1c-\x1f]/

/** Throws an ImportError that says what came when the beginning of an answer is that of no playlist. */
export function refuseOther(head: string): void {
  const text = head.trimStart()
  const sent = text.startsWith("<")
    ? markup(text)
    : /^[{[]/.test(text)
      ? "JSON"
      : isBinary.test(/^[^\n]*/.exec(text)?.[0] ?? "")
        ? "binary data"
        : null
  if (sent !== null)
    throw new ImportError("not_a_playlist", `the provider sent ${sent} instead of a playlist`)
}

function markup(text: string): string {
  if (/<tv\b/i.test(text)) return "a guide (XMLTV)"
  if (/^<\?xml/i.test(text) && !/<html/i.test(text)) return "XML"
  return /<form\b|password/i.test(text) ? "a login page" : "a web page"
}
