import type { TranscodeRun } from "@tributary/shared/admin-api/transcode-profiles"
import { bitRate } from "../../../parts/figures.ts"

type Run = Pick<
  TranscodeRun,
  | "speed"
  | "width"
  | "height"
  | "videoCodec"
  | "audioCodec"
  | "framesPerSecond"
  | "bytesPerSecond"
  | "hardware"
>

/** What came of a run, by name and value; what is not known is left out. */
export function runFacts(run: Run): { name: string; value: string }[] {
  const { speed, width, height, videoCodec, audioCodec, framesPerSecond, bytesPerSecond, hardware } = run
  const size = width === null || height === null ? "" : ` ${width}×${height}`
  const rate = framesPerSecond === null ? "" : `, ${Number(framesPerSecond.toFixed(2))} fps`
  return [
    ...(speed === null ? [] : [{ name: "Speed", value: speedWords(speed) }]),
    ...(videoCodec === null ? [] : [{ name: "Picture", value: `${videoCodec.toUpperCase()}${size}${rate}` }]),
    ...(audioCodec === null ? [] : [{ name: "Sound", value: audioCodec.toUpperCase() }]),
    ...(bytesPerSecond === null ? [] : [{ name: "Bitrate", value: bitRate(bytesPerSecond * 8) }]),
    ...(videoCodec === null ? [] : [{ name: "Made by", value: hardware ?? "the processor" }]),
  ]
}

/** Times real time; one that is slower cannot be watched live. */
export function speedWords(speed: number): string {
  const times = `${speed < 10 ? speed.toFixed(1) : Math.round(speed)}× real time`
  return speed < 1 ? `${times}: too slow to be watched live` : times
}
