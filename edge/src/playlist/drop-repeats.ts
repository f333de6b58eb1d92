import { placeholder } from "@tributary/shared/snapshot/m3u-template"
import { joinBytes } from "./join-bytes.ts"

const newline = 0x0a

/**
 * Leaves out entries of a template whose channel came before: groups that are sent one after the other share
 * channels. An entry ends with the line that holds its stream address alone. In memory are the channel ids
 * so far and one unfinished entry, not the playlist.
 */
export function dropRepeats(): TransformStream<Uint8Array, Uint8Array> {
  const seen = new Set<string>()
  let rest = new Uint8Array()
  return new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      const bytes = rest.length === 0 ? chunk : joinBytes([rest, chunk])
      const kept: Uint8Array[] = []
      let entryStart = 0
      for (const { idStart, end } of addressLines(bytes)) {
        const id = decodeId(bytes.subarray(idStart, end))
        if (!seen.has(id)) kept.push(bytes.subarray(entryStart, end))
        seen.add(id)
        entryStart = end
      }
      rest = bytes.slice(entryStart)
      if (kept.length > 0) controller.enqueue(joinBytes(kept))
    },
    flush(controller) {
      if (rest.length > 0) controller.enqueue(rest)
    },
  })
}

/** The whole lines that begin with a stream address. */
function* addressLines(bytes: Uint8Array): Generator<{ idStart: number; end: number }> {
  let lineStart = 0
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, lineStart)) {
    if (bytes[lineStart] === placeholder.addressStart) yield { idStart: lineStart + 1, end: at + 1 }
    lineStart = at + 1
  }
}

function decodeId(line: Uint8Array): string {
  const length = line.indexOf(placeholder.addressEnd)
  return new TextDecoder().decode(length < 0 ? line : line.subarray(0, length))
}
