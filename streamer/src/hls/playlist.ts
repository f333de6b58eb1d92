import { stringify, types } from "hls-parser"
import type { SegmentWindow } from "./window.ts"

/** One quality in a master playlist. */
export interface MasterVariant {
  /** As it stands in the playlist. */
  uri: string
  /** Bit/s: of the segment with the most of them, and of all on average. */
  peakBandwidth: number
  averageBandwidth: number | null
  /** Null without pictures, or where it is not known. */
  width: number | null
  height: number | null
  framesPerSecond: number | null
}

// Durations with decimals (RFC 8216 7).
const version = 3

/**
 * The media playlist of a live stream. It never has EXT-X-ENDLIST: a stream that ended goes on when its address is asked
 * for again, and a player that was told of an end would not ask. Nor EXT-X-INDEPENDENT-SEGMENTS, which could not be
 * taken back: where keyframes stay away, segments begin without one. Where to start is left to players, who all start
 * three segments, or target durations, before the end (RFC 8216 6.3.3).
 */
export function mediaPlaylist(window: SegmentWindow, targetSeconds: number, folder: string): string {
  const segments = window.listed.map(
    ({ sequence, seconds, isDiscontinuous, startsAt }) =>
      new types.Segment({
        uri: `${folder}/${sequence}.ts`,
        duration: seconds,
        discontinuity: isDiscontinuous,
        programDateTime: new Date(startsAt),
      }),
  )
  return withLineEnd(
    stringify(
      new types.MediaPlaylist({
        version,
        targetDuration: targetSeconds,
        mediaSequenceBase: window.mediaSequence,
        discontinuitySequenceBase: window.discontinuitySequence,
        segments,
      }),
    ),
  )
}

/**
 * Lists qualities, best first. Without CODECS: what a transcode that has not begun will have is not known, and a wrong
 * value keeps players from playing what they could.
 */
export function masterPlaylist(variants: readonly MasterVariant[]): string {
  const listed = variants.map(
    ({ uri, peakBandwidth, averageBandwidth, width, height, framesPerSecond }) =>
      new types.Variant({
        uri,
        bandwidth: Math.ceil(peakBandwidth),
        ...(averageBandwidth === null ? {} : { averageBandwidth: Math.ceil(averageBandwidth) }),
        ...(width === null || height === null ? {} : { resolution: { width, height } }),
        ...(framesPerSecond === null ? {} : { frameRate: framesPerSecond }),
      }),
  )
  return withLineEnd(stringify(new types.MasterPlaylist({ version, variants: listed })))
}

const withLineEnd = (text: string) => (text.endsWith("\n") ? text : `${text}\n`)
