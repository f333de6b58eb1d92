import { FfmpegProcess } from "../ffmpeg/ffmpeg-process.ts"
import type { SpawnFfmpeg } from "../ffmpeg/spawn-ffmpeg.ts"
import type { StreamFormat } from "../mpegts/stream-format.ts"
import { OutputMeter } from "./output-meter.ts"

/** Some seconds of a moving picture with a tone: MPEG-TS with H.264 and AAC, as channels are. */
export interface TestPicture {
  packets: Buffer
  format: StreamFormat
}

export type MadePicture = { ok: true; picture: TestPicture } | { ok: false; detail: string }

/** How long it lasts. */
export const testPictureSeconds = 4

const pictureArguments = [
  ...["-nostdin", "-hide_banner", "-v", "error"],
  ...["-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=25"],
  ...["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000", "-t", String(testPictureSeconds)],
  ...["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "25"],
  ...["-c:a", "aac", "-ac", "2", "-f", "mpegts", "pipe:1"],
]

/** Has ffmpeg make it. `signal` kills that ffmpeg. */
export async function makeTestPicture(spawn: SpawnFfmpeg, signal: AbortSignal): Promise<MadePicture> {
  const meter = new OutputMeter()
  const chunks: Buffer[] = []
  const process = new FfmpegProcess(spawn(pictureArguments), 1, (chunk) => {
    chunks.push(Buffer.from(chunk))
    meter.push(chunk)
  })
  const stop = () => void process.stop()
  signal.addEventListener("abort", stop)
  if (signal.aborted) stop()
  const end = await process.gone
  signal.removeEventListener("abort", stop)
  if (end.code === "failed") return { ok: false, detail: end.detail }
  if (end.code === "stopped") return { ok: false, detail: "it took too long" }
  return { ok: true, picture: { packets: Buffer.concat(chunks), format: meter.format } }
}
