import { ImportError } from "../import-error.ts"

// Far longer than any entry (pictures in data: addresses included); a film is not a text of one line.
const maxLineLength = 16 * 1024 ** 2

/**
 * Lines of a byte stream, whatever its chunks' borders: UTF-8, CR and LF cut off, BOM removed. Throws an
 * ImportError for a line that no playlist has.
 */
export async function* linesOf(pieces: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  // The parts of a line that has not ended: joined once, for joining at each piece would be quadratic.
  let parts: string[] = []
  let length = 0
  for await (const piece of pieces) {
    const lines = decoder.decode(piece, { stream: true }).split("\n")
    const last = lines.pop() ?? ""
    for (const line of lines) {
      yield withoutReturn(parts.length === 0 ? line : parts.join("") + line)
      parts = []
      length = 0
    }
    if (last !== "") parts.push(last)
    length += last.length
    if (length > maxLineLength)
      throw new ImportError("not_a_playlist", "the provider's answer has lines that no playlist has")
  }
  const rest = parts.join("") + decoder.decode()
  if (rest !== "") yield withoutReturn(rest)
}

const withoutReturn = (line: string) => (line.endsWith("\r") ? line.slice(0, -1) : line)
