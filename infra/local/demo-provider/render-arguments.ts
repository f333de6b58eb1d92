import type { Recipe } from "./channels.ts"

/**
 * 25 fps is 3600 ticks of 90 kHz a frame, an AAC frame at 48 kHz is 1920 ticks: 9.6 s is the shortest time
 * in which both end together and that five groups of pictures of 48 frames fill.
 */
export const loopFrames = 240
export const loopAudioFrames = 450
export const gopFrames = 48
export const framesPerSecond = 25
export const loopTicks90kHz = 864_000
/** AAC frames left out at the start: the encoder's priming would be heard at each seam. */
const primingFrames = 2

function picture(recipe: Recipe, font: string | null, frames: number): string[] {
  if (recipe.picture === null) return []
  const glue = recipe.picture.includes("=") ? ":" : "="
  const source = `${recipe.picture}${glue}size=${recipe.width}x${recipe.height}:rate=${framesPerSecond}`
  // `trim` and not `-frames:v`: at its limit ffmpeg closes the other streams of the file, short of their end.
  const filters = [`trim=end_frame=${frames}`]
  if (font !== null) {
    const text = recipe.title.replaceAll(/[^\p{L}\p{N} .-]/gu, "")
    filters.push(
      `drawtext=fontfile=${font}:expansion=none:text='${text}':fontsize=h/12:fontcolor=white:box=1:boxcolor=black@0.6:boxborderw=8:x=(w-tw)/2:y=h*0.8`,
    )
  }
  filters.push("format=yuv420p")
  const rate = String(recipe.videoBitsPerSecond)
  return [
    ...["-f", "lavfi", "-t", String(frames / framesPerSecond + 1), "-i", source],
    ...["-filter:v", filters.join(","), "-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "baseline"],
    ...["-b:v", rate, "-minrate", rate, "-maxrate", rate, "-bufsize", rate, "-x264-params", "nal-hrd=cbr"],
    ...["-g", String(gopFrames), "-keyint_min", String(gopFrames), "-sc_threshold", "0", "-bf", "0"],
    ...["-flags:v", "+cgop+bitexact", "-threads:v", "1"],
  ]
}

function sound(recipe: Recipe, seconds: number): string[] {
  // The left and right channel differ by an octave, so that a mono mix-up is heard. Both periods divide 9.6 s.
  const left = `0.2*sin(2*PI*${recipe.toneHz}*t)`
  const right = `0.2*sin(2*PI*${recipe.toneHz * 2}*t)`
  return [
    ...["-f", "lavfi", "-t", String(seconds), "-i"],
    `aevalsrc=${left}|${right}:sample_rate=48000:channel_layout=stereo`,
    ...["-c:a", "aac", "-b:a", String(recipe.audioBitsPerSecond), "-flags:a", "+bitexact"],
  ]
}

/** ffmpeg's arguments for an MPEG-TS loop of exactly 9.6 s; the output file's name comes last. */
export function loopArguments(recipe: Recipe, font: string | null, output: string): string[] {
  const last = primingFrames + loopAudioFrames
  return [
    ...["-y", "-nostdin", "-v", "error"],
    ...reorder([picture(recipe, font, loopFrames), sound(recipe, 10)]),
    ...["-bsf:a", `noise=amount=0:drop='lt(n\\,${primingFrames})+gte(n\\,${last})'`],
    // Tables come at each key frame by themselves (mpegtsenc) and at least each 100 ms, the PCR with each frame
    // (ISO 13818-1 2.7.2 allows 100 ms). One AAC frame a PES keeps the sound of a radio channel evenly spread.
    ...["-f", "mpegts", "-pat_period", "0.1", "-pcr_period", "40", "-pes_payload_size", "1"],
    ...["-metadata", `service_name=${recipe.title}`, "-metadata", "service_provider=Tributary", output],
  ]
}

/** ffmpeg's arguments for a movie of whole seconds, `.mp4` with its index first. */
export function movieArguments(
  recipe: Recipe,
  font: string | null,
  seconds: number,
  output: string,
): string[] {
  return [
    ...["-y", "-nostdin", "-v", "error"],
    ...reorder([picture(recipe, font, seconds * framesPerSecond), sound(recipe, seconds)]),
    ...["-movflags", "+faststart", "-f", "mp4", output],
  ]
}

/** ffmpeg's arguments to put the same content into another container; an MP4's index then comes last. */
export function remuxArguments(input: string, format: "matroska" | "mp4", output: string): string[] {
  return ["-y", "-nostdin", "-v", "error", "-i", input, "-c", "copy", "-f", format, output]
}

/** Inputs have to stand before the options of the output they feed. */
function reorder(parts: string[][]): string[] {
  const inputs: string[] = []
  const outputs: string[] = []
  for (const part of parts) {
    const end = part.indexOf("-i") + 2
    inputs.push(...part.slice(0, end))
    outputs.push(...part.slice(end))
  }
  return [...inputs, ...outputs]
}
