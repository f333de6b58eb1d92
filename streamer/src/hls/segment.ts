/** A piece of a stream that a player can begin with: PAT, PMT, then whole packets. */
export interface Segment {
  data: Buffer
  /** How long its pictures last. */
  seconds: number
  /** Its times, counters or codecs do not go on from those of the segment before it. */
  isDiscontinuous: boolean
  /** Unix milliseconds at which its first picture came. */
  startsAt: number
}

/** A segment as it comes from the segmenter. */
export interface MadeSegment extends Segment {
  /** When its first picture, or the first unit of its sound, is decoded; null where the stream does not tell. */
  first90kHz: number | null
}

/**
 * Segments are at least so long, where keyframes allow: each costs a player two requests. Not quite 2 s, as broadcasts
 * have keyframes each 0.48, 0.96 or 1.92 s, and a segment of two of the latter would double the time to the first one.
 */
export const wantedSeconds = 1.8
