import { execFile } from "node:child_process"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { expect } from "vitest"
import type { SeededRandom } from "../../../infra/e2e/player/test-support/seeded-random.ts"
import { Frame } from "../fan-out/frame.ts"
import { chunksOf } from "../mpegts/splice/splice-fixture.ts"
import { readStart90kHz } from "./read-start-fixture.ts"
import type { Segment } from "./segment.ts"
import { Segmenter } from "./segmenter.ts"

const run = promisify(execFile)

/** A stream made by ffmpeg, with a keyframe each `gopSeconds`. */
export async function makeLong(options: {
  seconds: number
  gopSeconds: number
  more?: readonly string[]
}): Promise<Buffer> {
  const { seconds, gopSeconds, more = [] } = options
  return made([
    ...["-f", "lavfi", "-i", `testsrc2=s=160x90:r=25:d=${seconds}`, "-f", "lavfi", "-i", `sine=d=${seconds}`],
    ...["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", String(25 * gopSeconds)],
    ...["-sc_threshold", "0", "-c:a", "aac", ...more],
  ])
}

export const makeRadio = (seconds: number) => made(["-f", "lavfi", "-i", `sine=d=${seconds}`, "-c:a", "aac"])

async function made(words: readonly string[]): Promise<Buffer> {
  return inFile(async (file) => {
    await run("ffmpeg", ["-v", "error", ...words, "-f", "mpegts", file])
    return readFile(file)
  })
}

async function inFile<Result>(use: (file: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "tributary-segments-"))
  try {
    return await use(join(folder, "made.ts"))
  } finally {
    await rm(folder, { recursive: true })
  }
}

export interface Cut extends Segment {
  targetSeconds: number
}

/** A segmenter and what it cut. `at` is its clock, in Unix milliseconds. */
export function startSegmenter({ maxSegmentBytes = 16 * 1024 * 1024 } = {}) {
  const cuts: Cut[] = []
  const clock = { at: 1_700_000_000_000 }
  let ends = 0
  const segmenter = new Segmenter({
    onSegment: (segment, targetSeconds) => {
      // Whatever it is cut from, what it says of its beginning is what a player reads there.
      expect(segment.first90kHz).toBe(readStart90kHz(segment.data))
      cuts.push({ ...segment, targetSeconds })
    },
    onEnd: () => void ends++,
    maxSegmentBytes,
    now: () => clock.at,
  })
  segmenter.start([])
  const push = (packets: Buffer) => segmenter.write(new Frame([packets]))
  return { segmenter, cuts, clock, push, ends: () => ends }
}

/** All of a stream in frames of random sizes, cut. */
export function cutAll(stream: Buffer, random: SeededRandom): Cut[] {
  const { segmenter, cuts, push } = startSegmenter()
  for (const chunk of chunksOf(stream, random)) {
    push(chunk)
    // Its memory is used again.
    chunk.fill(0)
  }
  segmenter.close()
  return cuts
}

/** What ffprobe finds in a segment alone: of its pictures (or its sound) the first's flags, and first and last times. */
export async function probeSegment(data: Buffer, stream = "v:0") {
  return inFile(async (file) => {
    await writeFile(file, data)
    const entries = ["-select_streams", stream, "-show_entries", "packet=pts_time,dts_time,flags"]
    const { stdout, stderr } = await run("ffprobe", ["-v", "error", ...entries, "-of", "json", file])
    const { packets } = JSON.parse(stdout) as {
      packets: { pts_time: string; dts_time: string; flags: string }[]
    }
    const decoding = run("ffmpeg", ["-nostdin", "-v", "error", "-i", file, "-f", "null", "-"])
    const decoded = await decoding.catch((error: { stderr: string }) => error)
    return {
      packets: packets.length,
      startsAtKeyframe: packets[0]?.flags.startsWith("K") ?? false,
      firstDts: Number(packets[0]?.dts_time),
      lastDts: Number(packets.at(-1)?.dts_time),
      complaints: stderr + decoded.stderr,
    }
  })
}

export async function joinedFrames(cuts: readonly Segment[]): Promise<string> {
  return inFile(async (file) => {
    await writeFile(file, Buffer.concat(cuts.map(({ data }) => data)))
    const { stdout } = await run("ffprobe", [
      ...["-v", "error", "-select_streams", "v:0", "-count_frames"],
      ...["-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", file],
    ])
    return stdout.trim().split("\n")[0] ?? ""
  })
}
