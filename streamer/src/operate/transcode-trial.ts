import type { TranscodeRun } from "@tributary/shared/admin-api/transcode-profiles"
import { redact } from "@tributary/shared/log/redact"
import type { Recipe } from "@tributary/shared/transcode/transcode-profile"
import { type FfmpegEnd, FfmpegProcess } from "../ffmpeg/ffmpeg-process.ts"
import type { Hardware } from "../ffmpeg/hardware.ts"
import type { SpawnFfmpeg } from "../ffmpeg/spawn-ffmpeg.ts"
import { transcodeArguments } from "../ffmpeg/transcode-arguments.ts"
import { OutputMeter } from "./output-meter.ts"
import { shellCommand } from "./shell-command.ts"
import type { TestPicture } from "./test-picture.ts"

export interface TrialOptions {
  spawn: SpawnFfmpeg
  /** Monotonic milliseconds. */
  now: () => number
}

export interface Trial {
  profile: string
  recipe: Recipe
  hardware: Hardware | null
  picture: TestPicture
  /** Ends it before it is done. */
  signal: AbortSignal
}

/** Runs ffmpeg as for a transcode, on the test picture as fast as it takes it. Resolves when it is gone. */
export async function runTrial(options: TrialOptions, trial: Trial): Promise<TranscodeRun> {
  const { spawn, now } = options
  const { profile, recipe, hardware, picture, signal } = trial
  const setting = { hardware, input: picture.format, sound: "expected", keyframes: null } as const
  const args = transcodeArguments(recipe, setting)
  const meter = new OutputMeter()
  const from = now()
  const process = new FfmpegProcess(spawn(args), 1, (chunk) => meter.push(chunk))
  const stop = () => void process.stop()
  signal.addEventListener("abort", stop)
  if (signal.aborted) stop()
  process.input(0).end(picture.packets)
  const end = await process.gone
  signal.removeEventListener("abort", stop)
  const milliseconds = now() - from
  const { seconds, bytes, format } = meter
  const speed = seconds > 0 && milliseconds > 0 ? seconds / (milliseconds / 1000) : null
  return {
    profile,
    ok: end.code === "ended" && bytes > 0,
    command: shellCommand("ffmpeg", args),
    hardware:
      hardware !== null && args.some((word) => word.endsWith(`_${hardware.kind}`)) ? hardware.kind : null,
    seconds: rounded(seconds, 2),
    speed: speed === null ? null : rounded(speed, 2),
    width: format.video?.width ?? null,
    height: format.video?.height ?? null,
    videoCodec: format.video?.codec ?? null,
    audioCodec: format.audio[0]?.codec ?? null,
    framesPerSecond: format.video?.framesPerSecond ?? null,
    bytesPerSecond: seconds > 0 ? Math.round(bytes / seconds) : null,
    message: describeEnd(end, { seconds, bytes, milliseconds, speed }),
    durationMs: Math.round(milliseconds),
  }
}

interface Made {
  seconds: number
  bytes: number
  milliseconds: number
  speed: number | null
}

function describeEnd(end: FfmpegEnd, { seconds, bytes, milliseconds, speed }: Made): string {
  const took = `${rounded(milliseconds / 1000, 1)} s`
  const made = `${rounded(seconds, 1)} s`
  switch (end.code) {
    case "failed":
      // What it says quotes addresses that are in arguments.
      return `ffmpeg failed: ${redact(end.stderr === "" ? end.detail : end.stderr)}`
    case "stopped":
      return `ffmpeg was stopped after ${took}, when it had made ${made}: it is too slow here, or waits for something.`
    case "ended":
      if (bytes === 0 || speed === null) return "ffmpeg ended without making anything that can be played."
      return speed < 1
        ? `ffmpeg took ${took} to make ${made}: this is too slow for live streams here.`
        : `ffmpeg took ${took} to make ${made}: ${rounded(speed, 1)} times as fast as it is played.`
  }
}

const rounded = (number: number, digits: number) => Number(number.toFixed(digits))
