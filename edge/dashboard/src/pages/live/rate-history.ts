import type { Stream } from "@tributary/shared/admin-api/streams"

/** A stream's bitrate at a moment. */
export type RateSample = {
  /** Unix milliseconds. */
  at: number
  /** Bit/s. */
  rate: number
}

/** The samples of each stream, oldest first. */
export type RateHistory = ReadonlyMap<string, readonly RateSample[]>

/** So many samples of a stream are kept. */
export const mostSamples = 120

/** What a stream is known by on the page: a relayed one has the same id on two streamers. */
export const keyOf = ({ id, streamer }: Pick<Stream, "id" | "streamer">): string => `${streamer} ${id}`

/** The history with what is said now; what does not run any more is forgotten. */
export function withSamples(
  history: RateHistory,
  streams: readonly Pick<Stream, "id" | "streamer" | "bitsPerSecond">[],
  at: number,
): RateHistory {
  return new Map(
    streams.map((stream) => {
      const key = keyOf(stream)
      const before = history.get(key) ?? []
      if (before.at(-1)?.at === at) return [key, before]
      return [key, [...before, { at, rate: stream.bitsPerSecond }].slice(-mostSamples)]
    }),
  )
}
