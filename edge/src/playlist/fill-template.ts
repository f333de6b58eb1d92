import { placeholder } from "@tributary/shared/snapshot/m3u-template"

/** What stands around a channel id in one viewer's playlist. */
export interface AddressParts {
  /** `https://host/stream/` */
  start: string
  /** `.ts?username=…&password=…` */
  end: string
}

/**
 * Fills a playlist template's placeholders while it streams by. Bytes between placeholders are passed on
 * uncopied; memory does not grow with the playlist.
 */
export function fillTemplate({ start, end }: AddressParts): TransformStream<Uint8Array, Uint8Array> {
  const encoder = new TextEncoder()
  const filling = new Map([
    [placeholder.addressStart as number, encoder.encode(start)],
    [placeholder.addressEnd as number, encoder.encode(end)],
  ])
  return new TransformStream({
    transform(chunk, controller) {
      controller.enqueue(fillChunk(chunk, filling))
    },
  })
}

// One output buffer a chunk: thousands of small writes would cost more than copying once.
function fillChunk(chunk: Uint8Array, filling: ReadonlyMap<number, Uint8Array>): Uint8Array {
  const pieces: Uint8Array[] = []
  let from = 0
  let wanted: number = placeholder.addressStart
  for (let at = nextPlaceholder(chunk, from); at >= 0; at = nextPlaceholder(chunk, from)) {
    wanted = chunk[at] ?? 0
    pieces.push(chunk.subarray(from, at), filling.get(wanted) ?? new Uint8Array())
    from = at + 1
  }
  if (pieces.length === 0) return chunk
  pieces.push(chunk.subarray(from))
  const filled = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    filled.set(piece, at)
    at += piece.length
  }
  return filled
}

function nextPlaceholder(chunk: Uint8Array, from: number): number {
  const start = chunk.indexOf(placeholder.addressStart, from)
  const end = chunk.indexOf(placeholder.addressEnd, from)
  if (start < 0) return end
  return end < 0 ? start : Math.min(start, end)
}
