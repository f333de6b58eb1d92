import type { Recipe } from "@tributary/shared/transcode/transcode-profile"
import type { MasterVariant } from "./playlist.ts"

// What a constrained encoder may give beyond its rate for a moment, with tables and packet headers.
const peakShare = 1.5
const averageShare = 1.07
// Of a sound whose rate the recipe leaves to ffmpeg.
const usualSound = 128_000

/**
 * How a transcode that has not begun will be, told by its recipe and by the stream that it is made of: nobody's ffmpeg
 * is started only to be described. What cannot be told is as it is in the stream, or null.
 */
export function describeVariant(recipe: Recipe, uri: string, stream: MasterVariant): MasterVariant {
  const unknown = { width: null, height: null, framesPerSecond: null }
  if (recipe.kind === "arguments") return { ...stream, ...unknown, uri }
  const { video, audio } = recipe
  const sound = audio === null ? 0 : "bitrate" in audio ? (audio.bitrate ?? usualSound) : usualSound
  if (video === null) return { ...rates(sound), ...unknown, uri }
  if (video.codec === "copy") return { ...stream, uri }
  return {
    ...(video.bitrate === null ? stream : rates(video.bitrate + sound)),
    ...sizeOf(video.height, stream),
    framesPerSecond: video.frameRate ?? stream.framesPerSecond,
    uri,
  }
}

const rates = (bitrate: number) => ({
  peakBandwidth: bitrate * peakShare,
  averageBandwidth: bitrate * averageShare,
})

/** Of the picture's own shape, and never larger than it. */
function sizeOf(
  wanted: number | null,
  { width, height }: MasterVariant,
): Pick<MasterVariant, "width" | "height"> {
  if (width === null || height === null || wanted === null || wanted >= height) return { width, height }
  return { width: 2 * Math.round((width * wanted) / height / 2), height: wanted }
}
