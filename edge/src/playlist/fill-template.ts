import { placeholder } from "@tributary/shared/snapshot/m3u-template"
import { joinBytes } from "./join-bytes.ts"

/** What stands around channel ids in one viewer's playlist, by the placeholders' names. */
export type AddressParts = Record<keyof typeof placeholder, string>

const highestPlaceholder = Math.max(...Object.values(placeholder))

/**
 * Fills a playlist template's placeholders while it streams by. Chunks without any are passed on uncopied;
 * memory does not grow with the playlist.
 */
export async function* fillTemplate(
  chunks: AsyncIterable<Uint8Array>,
  parts: AddressParts,
): AsyncGenerator<Uint8Array> {
  const filling: Uint8Array[] = []
  for (const [name, byte] of Object.entries(placeholder))
    filling[byte] = new TextEncoder().encode(parts[name as keyof AddressParts])
  for await (const chunk of chunks) yield fillChunk(chunk, filling)
}

function fillChunk(chunk: Uint8Array, filling: readonly Uint8Array[]): Uint8Array {
  const pieces: Uint8Array[] = []
  let from = 0
  for (let at = 0; at < chunk.length; at++) {
    const byte = chunk[at] ?? 0
    if (byte > highestPlaceholder) continue
    const filled = filling[byte]
    if (filled === undefined) continue
    pieces.push(chunk.subarray(from, at), filled)
    from = at + 1
  }
  if (pieces.length === 0) return chunk
  pieces.push(chunk.subarray(from))
  return joinBytes(pieces)
}
