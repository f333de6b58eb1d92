import { execFile } from "node:child_process"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"

const run = promisify(execFile)

export const SECONDS = 4
const FRAMES_PER_SECOND = 25
/** Every stream with video has one keyframe a second, the first frame included. */
export const KEYFRAMES = SECONDS

export type Kind = "h264" | "hevc" | "mpeg2" | "audio"

const PICTURE = ["-f", "lavfi", "-i", `testsrc2=s=192x108:r=${FRAMES_PER_SECOND}:d=${SECONDS}`]
const SOUND = ["-f", "lavfi", "-i", `sine=d=${SECONDS}`]
const GOP = ["-g", String(FRAMES_PER_SECOND), "-sc_threshold", "0"]

const ARGUMENTS: Readonly<Record<Kind, readonly string[]>> = {
  h264: [...PICTURE, ...SOUND, "-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", ...GOP, "-c:a", "aac"],
  hevc: [
    ...PICTURE,
    ...SOUND,
    ...["-c:v", "libx265", "-preset", "ultrafast"],
    ...[
      "-x265-params",
      `log-level=none:keyint=${FRAMES_PER_SECOND}:min-keyint=${FRAMES_PER_SECOND}:scenecut=0`,
    ],
    ...["-c:a", "ac3"],
  ],
  mpeg2: [...PICTURE, ...SOUND, "-c:v", "mpeg2video", ...GOP, "-c:a", "mp2"],
  audio: [...SOUND, "-c:a", "mp2"],
}

/** Whether this ffmpeg can encode HEVC: not every build can. */
export async function canEncodeHevc(): Promise<boolean> {
  const { stdout } = await run("ffmpeg", ["-hide_banner", "-encoders"])
  return stdout.includes("libx265")
}

/** A whole MPEG-TS made by ffmpeg; the same for each call. */
export async function makeStream(kind: Kind): Promise<Buffer> {
  const directory = await mkdtemp(join(tmpdir(), "tributary-player-"))
  try {
    const file = join(directory, `${kind}.ts`)
    await run("ffmpeg", ["-v", "error", ...ARGUMENTS[kind], "-f", "mpegts", file])
    return await readFile(file)
  } finally {
    await rm(directory, { recursive: true })
  }
}
