import type { AudioRecipe, Recipe, VideoRecipe } from "@tributary/shared/transcode/transcode-profile"
import type { StreamFormat } from "../mpegts/stream-format.ts"
import { type Hardware, hardwareSetup, liveOptions, uploadFilters } from "./hardware.ts"
import { heardSounds } from "./heard-sounds.ts"
import { type KeyframePlan, keyframeExpression } from "./keyframe-expression.ts"

export interface TranscodeSetting {
  /** Null: software. */
  hardware: Hardware | null
  /** As far as it is known; it decides which sounds are taken. */
  input: StreamFormat
  /** "absent": it is announced, and was waited for in vain. */
  sound: "expected" | "absent"
  /** Where encoders make keyframes; null while it is not known where the input begins: as if that were a place. */
  keyframes: KeyframePlan | null
}

// The first packets are tables and a keyframe, and the codecs are in the tables: what has to be found is sizes and
// the sound's rate. ffmpeg's own 5 s made the first byte of a stream of 6 Mbit/s come after 4.4 s; with these it came
// after 0.1 s (0.7 s from a stream that has just been opened), with AAC, AC-3 and MP2.
const probing = ["-probesize", "500000", "-analyzeduration", "500000", "-fpsprobesize", "0"]
// Each thread of the decoder holds back a picture, and by default there is one per processor.
const decoding = ["-threads", "2"]
// What comes out keeps the clock of what comes in, so that all transcodes of a live stream have one clock (RFC 8216
// 6.2.4). One turn of the 33 bits is added, which changes nothing in what is written: the times of a stream that begins
// within a minute before its clock starts anew are negative to ffmpeg, which drops pictures before 0.
const keepingClock = ["-copyts", "-itsoffset", "95443.717689"]
const muxing = [
  ...["-avoid_negative_ts", "disabled", "-muxdelay", "0", "-muxpreload", "0"],
  ...["-flush_packets", "1", "-pat_period", "0.1"],
]

/** ffmpeg's arguments for one transcode: MPEG-TS on standard input, MPEG-TS on standard output. */
export function transcodeArguments(recipe: Recipe, setting: TranscodeSetting): string[] {
  const made =
    recipe.kind === "arguments"
      ? { before: [], words: rawWords(recipe.words, setting) }
      : structured(recipe, setting)
  return [
    ...["-nostdin", "-hide_banner", "-v", "error"],
    ...made.before,
    ...[...keepingClock, ...probing, ...decoding, "-f", "mpegts", "-i", "pipe:0"],
    ...made.words,
    ...[...muxing, "-f", "mpegts", "pipe:1"],
  ]
}

/** The words as they are; what they do not choose is one picture and one sound. */
function rawWords(words: readonly string[], { input, sound }: TranscodeSetting): string[] {
  if (words.includes("-map")) return [...words]
  return [
    "-map",
    "0:v:0?",
    ...(sound === "absent" ? [] : ["-map", `0:a:${heardSounds(input)[0] ?? 0}?`]),
    ...words,
  ]
}

function structured(
  { video, audio }: Extract<Recipe, { kind: "structured" }>,
  { hardware, input, sound, keyframes }: TranscodeSetting,
): { before: string[]; words: string[] } {
  const encoder = video !== null && video.codec !== "copy" && hardware?.codecs.includes(video.codec) === true
  const used = encoder ? hardware : null
  return {
    before: used === null ? [] : hardwareSetup(used),
    words: [
      ...(video === null ? ["-vn"] : ["-map", "0:v:0?", ...pictureWords(video, used, keyframes)]),
      ...(audio === null || (video !== null && sound === "absent")
        ? ["-an"]
        : [...soundMaps(audio, input), ...soundWords(audio)]),
      // Subtitles and data need not fit into what is made.
      ...["-sn", "-dn"],
    ],
  }
}

/**
 * Of sounds that are encoded, the first that was heard; of copied ones, which cost nothing, all of them. ffmpeg writes
 * nothing before it knows every stream that it was told to take: one that is announced and silent (common with audio
 * description) would hold back the picture.
 */
function soundMaps(audio: AudioRecipe, input: StreamFormat): string[] {
  const heard = heardSounds(input)
  const taken = audio.codec === "copy" ? heard : heard.slice(0, 1)
  return (taken.length === 0 ? [0] : taken).flatMap((index) => ["-map", `0:a:${index}?`])
}

function soundWords(audio: AudioRecipe): string[] {
  if (audio.codec === "copy") return ["-c:a", "copy"]
  const { codec, bitrate, channels } = audio
  return [
    ...["-c:a", codec === "mp3" ? "libmp3lame" : codec],
    ...(bitrate === null ? [] : ["-b:a", String(bitrate)]),
    ...(channels === null ? [] : ["-ac", String(channels)]),
    // Gaps of the source stay where they are, so that sound and picture stay together.
    ...["-af", "aresample=async=1000"],
  ]
}

function pictureWords(
  video: VideoRecipe,
  hardware: Hardware | null,
  keyframes: KeyframePlan | null,
): string[] {
  if (video.codec === "copy") return ["-c:v", "copy"]
  const { codec, bitrate, frameRate } = video
  return [
    ...["-filter:v", pictureFilters(video, hardware).join(",")],
    ...["-c:v", hardware === null ? `lib${codec === "h264" ? "x264" : "x265"}` : `${codec}_${hardware.kind}`],
    ...(hardware === null ? softwareOptions(codec) : liveOptions[hardware.kind]),
    // One second's worth may come at once, no more: viewers' lines are not to be surprised.
    ...(bitrate === null
      ? []
      : ["-b:v", String(bitrate), "-maxrate", String(bitrate), "-bufsize", String(bitrate)]),
    ...(frameRate === null ? [] : ["-r", String(frameRate)]),
    ...["-force_key_frames", `expr:${keyframeExpression(keyframes)}`],
    ...["-flags:v", "+cgop"],
  ]
}

/** No picture waits for later ones: a joiner's first byte is worth more than the last tenth of quality. */
function softwareOptions(codec: "h264" | "hevc"): string[] {
  const common = ["-tune", "zerolatency"]
  if (codec === "h264") return ["-preset", "veryfast", ...common, "-sc_threshold", "0"]
  return ["-preset", "superfast", ...common, "-forced-idr", "1", "-x265-params", "log-level=error:scenecut=0"]
}

function pictureFilters(
  { height }: Exclude<VideoRecipe, { codec: "copy" }>,
  hardware: Hardware | null,
): string[] {
  // Pixels become square where the size changes: players mind odd ones more than a width that differs.
  const scale =
    height === null
      ? ["scale=w='2*trunc(iw/2)':h='2*trunc(ih/2)'"]
      : [`scale=w='2*round(oh*dar/2)':h='2*trunc(min(${height},ih)/2)'`, "setsar=1"]
  const upload = hardware === null ? ["format=yuv420p"] : uploadFilters[hardware.kind]
  return ["yadif=deint=interlaced", ...scale, ...upload]
}
