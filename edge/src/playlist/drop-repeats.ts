import { placeholder } from "@tributary/shared/snapshot/m3u-template"
import { IdSet } from "./id-set.ts"
import { joinBytes } from "./join-bytes.ts"
import { wholeLines } from "./whole-lines.ts"

const addressStarts: readonly number[] = [
  placeholder.addressStart,
  placeholder.movieStart,
  placeholder.episodeStart,
]
const [zero, nine] = [0x30, 0x39]

/**
 * Leaves out entries of a template whose channel came before: groups that are sent one after the other share
 * channels. An entry ends with the line that holds its stream address alone. In memory are the channel ids
 * so far and one unfinished entry, not the playlist.
 */
export async function* dropRepeats(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const seen = new IdSet()
  let entry: Uint8Array[] = []
  for await (const lines of wholeLines(chunks)) {
    const kept: Uint8Array[] = []
    for (const line of lines) {
      entry.push(line)
      if (!addressStarts.includes(line[0] ?? 0)) continue
      const id = idIn(line)
      if (id === null || seen.add(id)) kept.push(...entry)
      entry = []
    }
    // What is unfinished must not keep the chunk that it came in.
    entry = entry.map((line) => line.slice())
    if (kept.length > 0) yield joinBytes(kept)
  }
  if (entry.length > 0) yield joinBytes(entry)
}

/** The channel id behind an address' placeholder. */
function idIn(line: Uint8Array): number | null {
  let id = 0
  let at = 1
  for (let digit = line[at] ?? 0; digit >= zero && digit <= nine; digit = line[++at] ?? 0)
    id = id * 10 + digit - zero
  return at === 1 || at > 11 ? null : id
}
