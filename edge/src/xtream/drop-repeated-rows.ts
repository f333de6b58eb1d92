import { IdSet } from "../playlist/id-set.ts"
import { joinBytes } from "../playlist/join-bytes.ts"
import { wholeLines } from "../playlist/whole-lines.ts"

const encoder = new TextEncoder()
const between = encoder.encode(",\n")

/** The id in a row of Xtream's lists. Only a key of the row itself: within a string the quotes would be escaped. */
export const idOfRow = /"(?:stream|series)_id"\s*:\s*"?(\d{1,10})\b/

/**
 * Joins lists (rows with `,` and a line break between them) into one that holds each channel once: groups
 * share channels. In memory are the ids so far and one unfinished row. `id` finds a row's own.
 */
export async function* dropRepeatedRows(
  lists: readonly (() => AsyncIterable<Uint8Array>)[],
  id: RegExp,
): AsyncGenerator<Uint8Array> {
  const seen = new IdSet()
  // The ids are ASCII, and Latin-1 is the fastest to decode.
  const decoder = new TextDecoder("latin1")
  let isFirst = true
  for (const list of lists)
    for await (const lines of wholeLines(list())) {
      const kept: Uint8Array[] = []
      for (const line of lines) {
        const row = withoutBreak(line)
        const found = id.exec(decoder.decode(row))?.[1]
        if (found !== undefined && !seen.add(Number(found))) continue
        if (!isFirst) kept.push(between)
        kept.push(row)
        isFirst = false
      }
      if (kept.length > 0) yield joinBytes(kept)
    }
}

/** Without what stands between it and the next row. */
export function withoutBreak(line: Uint8Array): Uint8Array {
  if (line.at(-1) !== between[1]) return line
  return line.subarray(0, line.at(-2) === between[0] ? -2 : -1)
}
