import type { MediaPlaylist, Segment } from "./playlist.ts"

/** Where a playlist is played. */
export interface Position {
  /** The number of the next segment. */
  next: number
  /** How many loads in a row ended before that. */
  loadsBehind: number
}

export interface Advance {
  /** Null while no segment was seen. */
  position: Position | null
  /** To be played next, in this order. */
  segments: Segment[]
  /** What does not continue what was played: a part of it was missed, or it began anew. */
  isBroken: boolean
  /** How many segments were missed. */
  skipped: number
}

// A server of several may be some segments behind the one that was asked before, but not for long.
const mostLoadsBehind = 4
const targetsFromEnd = 3

/** What a playlist has beyond what was played; each segment comes once. A null position has played nothing. */
export function advance(position: Position | null, playlist: MediaPlaylist): Advance {
  const { segments } = playlist
  const first = segments[0]?.sequence ?? 0
  const end = first + segments.length
  const from = (sequence: number, isBroken: boolean, skipped: number): Advance => ({
    position: { next: Math.max(end, sequence), loadsBehind: 0 },
    segments: segments.slice(sequence - first),
    isBroken,
    skipped,
  })
  if (segments.length === 0) return { position, segments: [], isBroken: false, skipped: 0 }
  if (position === null) return from(startOf(playlist), false, 0)
  const { next } = position
  if (end === next) return from(next, false, 0)
  if (end < next) {
    const loadsBehind = position.loadsBehind + 1
    // Further back than a server that lags: the numbers began anew.
    if (next - end > segments.length || loadsBehind >= mostLoadsBehind)
      return from(startOf(playlist), true, 0)
    return { position: { next, loadsBehind }, segments: [], isBroken: false, skipped: 0 }
  }
  if (first <= next) return from(next, false, 0)
  // The window has moved past: what is left of it and older than the live edge would come too late, and at once.
  const start = startOf(playlist)
  return from(start, true, start - next)
}

/** The number of the segment to begin with: of a live playlist three target durations from its end (RFC 8216 6.3.3). */
function startOf({ segments, targetSeconds, isComplete }: MediaPlaylist): number {
  let index = segments.length
  let secondsFromEnd = 0
  while (index > 0 && (isComplete || secondsFromEnd < targetSeconds * targetsFromEnd)) {
    index--
    secondsFromEnd += segments[index]?.seconds || targetSeconds
  }
  return (segments[0]?.sequence ?? 0) + index
}
