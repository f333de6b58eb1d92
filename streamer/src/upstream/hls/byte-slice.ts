import type { BodyStage } from "../http/held-body.ts"
import type { ByteSpan } from "./playlist.ts"

/** Cuts a span out of a whole resource, for servers that send everything when they are asked for a part. */
export function byteSlice({ offset, length }: ByteSpan): BodyStage {
  let skip = offset
  let left = length
  return {
    push(chunk) {
      const from = Math.min(skip, chunk.length)
      const part = chunk.subarray(from, from + left)
      skip -= from
      left -= part.length
      return part
    },
    end: () => Buffer.alloc(0),
    isDone: () => left === 0,
  }
}
