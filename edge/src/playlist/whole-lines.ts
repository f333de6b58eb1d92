import { joinBytes } from "./join-bytes.ts"

const newline = 0x0a

/** The lines of a text with their line breaks, a batch for each chunk; what has no line break comes last. */
export async function* wholeLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array[]> {
  let rest = new Uint8Array()
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : joinBytes([rest, chunk])
    const lines: Uint8Array[] = []
    let lineStart = 0
    for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, lineStart)) {
      lines.push(bytes.subarray(lineStart, at + 1))
      lineStart = at + 1
    }
    rest = bytes.slice(lineStart)
    if (lines.length > 0) yield lines
  }
  if (rest.length > 0) yield [rest]
}
