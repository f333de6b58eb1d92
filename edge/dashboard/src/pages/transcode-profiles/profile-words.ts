import type { TranscodeProfileRow } from "@tributary/shared/admin-api/transcode-profiles"
import { bitRate } from "../../parts/figures.ts"

/** What a profile makes, in a line. */
export function recipeWords({ arguments: template, video, audio, variants }: TranscodeProfileRow): string {
  if (variants !== undefined) return `Players choose from ${variants.join(", ")}`
  if (template !== undefined) return `ffmpeg … ${template}`
  return `${videoWords(video)}; ${audioWords(audio)}`
}

function videoWords(video: TranscodeProfileRow["video"]): string {
  if (video === null) return "No picture"
  if (video === "copy" || video === undefined) return "Picture as it comes"
  const { codec, height, bitrate, frameRate } = video
  return [
    codec.toUpperCase(),
    height === null ? "" : `${height}p`,
    bitrate === null ? "" : bitRate(bitrate),
    frameRate === null ? "" : `${frameRate} fps`,
  ]
    .filter((part) => part !== "")
    .join(" ")
}

function audioWords(audio: TranscodeProfileRow["audio"]): string {
  if (audio === null) return "no sound"
  if (audio === "copy" || audio === undefined) return "sound as it comes"
  const { codec, bitrate, channels } = audio
  return [
    codec.toUpperCase(),
    channels === null ? "" : channels === 1 ? "mono" : channels === 2 ? "stereo" : `${channels} channels`,
    bitrate === null ? "" : bitRate(bitrate),
  ]
    .filter((part) => part !== "")
    .join(" ")
}

/** What a later start changes; null: nothing. */
export function originWords({ origin }: Pick<TranscodeProfileRow, "origin">): string | null {
  if (origin === null || origin === "api") return null
  return "The configuration names it: at the next start it is as that says again."
}
