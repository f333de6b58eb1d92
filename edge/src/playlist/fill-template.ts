import { placeholder } from "@tributary/shared/snapshot/m3u-template"
import { joinBytes } from "./join-bytes.ts"

/** What stands around a channel id in one viewer's playlist. */
export interface AddressParts {
  /** `https://host/stream/` */
  start: string
  /** `.ts?username=…&password=…` */
  end: string
  /** `https://host/logo/` */
  logo: string
}

/**
 * Fills a playlist template's placeholders while it streams by. Bytes between placeholders are passed on
 * uncopied; memory does not grow with the playlist.
 */
export function fillTemplate({ start, end, logo }: AddressParts): TransformStream<Uint8Array, Uint8Array> {
  const encoder = new TextEncoder()
  const filling = new Map([
    [placeholder.addressStart as number, encoder.encode(start)],
    [placeholder.addressEnd as number, encoder.encode(end)],
    [placeholder.logoStart as number, encoder.encode(logo)],
  ])
  return new TransformStream({
    transform(chunk, controller) {
      controller.enqueue(fillChunk(chunk, filling))
    },
  })
}

function fillChunk(chunk: Uint8Array, filling: ReadonlyMap<number, Uint8Array>): Uint8Array {
  const pieces: Uint8Array[] = []
  let from = 0
  for (const at of placesOf(chunk, [...filling.keys()])) {
    pieces.push(chunk.subarray(from, at), filling.get(chunk[at] ?? 0) ?? new Uint8Array())
    from = at + 1
  }
  if (pieces.length === 0) return chunk
  pieces.push(chunk.subarray(from))
  return joinBytes(pieces)
}

/** Where any of the bytes stands, in order. Searching one by one is a memchr each, not a loop over bytes. */
function placesOf(chunk: Uint8Array, bytes: readonly number[]): number[] {
  const places: number[] = []
  for (const byte of bytes)
    for (let at = chunk.indexOf(byte); at >= 0; at = chunk.indexOf(byte, at + 1)) places.push(at)
  return places.sort((a, b) => a - b)
}
