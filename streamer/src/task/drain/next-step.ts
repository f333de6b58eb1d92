/** What is to be seen of a live stream while its streamer drains. */
export interface StreamSight {
  /** Connections of its own viewers, and of streamers that relay it. */
  own: number
  relays: number
  /** It holds a provider's connection; false: it is relayed from another streamer. */
  isOrigin: boolean
  /** Milliseconds since its last own viewer was seen; null: none was, since the draining began. */
  quiet: number | null
  /** Milliseconds since its viewers were asked to come again. */
  since: number
}

// A player that comes again does so at once, or after some seconds; the connection waits for the first of them.
const comeBackMilliseconds = 10_000
// Who watched together comes again together: the others follow the first one, who made the relay.
const othersMilliseconds = 2_000
// Sessions of HLS end by themselves when nothing is asked for; players keep some segments ahead.
const longestMilliseconds = 30_000

/**
 * "move": its viewers are to come again, and land elsewhere; "wait": they are on their way; "close": whoever relays it
 * takes its connection over, by the failover that they have for an origin that closes.
 */
export function nextStep({ own, relays, isOrigin, quiet, since }: StreamSight): "move" | "wait" | "close" {
  if (own > 0) return since < longestMilliseconds ? "move" : "close"
  if (!isOrigin || quiet === null) return "close"
  return quiet >= (relays > 0 ? othersMilliseconds : comeBackMilliseconds) ? "close" : "wait"
}
