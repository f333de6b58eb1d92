import { execFile } from "node:child_process"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { createStreamChecker } from "../../../../infra/e2e/player/check-stream.ts"
import { canEncodeHevc } from "../../../../infra/e2e/player/test-support/make-stream.ts"
import type { SeededRandom } from "../../../../infra/e2e/player/test-support/seeded-random.ts"
import { packetBytes } from "../packet.ts"

const run = promisify(execFile)

const seconds = 3
const picture = (size: string) => ["-f", "lavfi", "-i", `testsrc2=s=${size}:r=25:d=${seconds}`]
const sound = (frequency = 440) => ["-f", "lavfi", "-i", `sine=f=${frequency}:d=${seconds}`]
const keyframes = ["-g", "25", "-sc_threshold", "0"]
const h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", ...keyframes]
const hevc = [
  "-c:v",
  "libx265",
  "-preset",
  "ultrafast",
  "-x265-params",
  "log-level=none:keyint=25:scenecut=0",
]
/** Ten seconds before the clock's 33 bits are full. */
const nearWrap = 2 ** 33 / 90_000 - 2

const recipes = {
  plain: [...picture("192x108"), ...sound(), ...h264, "-c:a", "aac", "-metadata:s:a:0", "language=eng"],
  /** Other PIDs, times, programme, size, order, and the languages the other way round. */
  moved: [
    ...[...picture("320x180"), ...sound(), ...sound(880), "-map", "1", "-map", "2", "-map", "0", ...h264],
    ...["-c:a", "aac", "-metadata:s:a:0", "language=ger", "-metadata:s:a:1", "language=eng"],
    ...["-mpegts_start_pid", "0x200", "-mpegts_pmt_start_pid", "0x30", "-mpegts_service_id", "77"],
    ...["-output_ts_offset", "50000"],
  ],
  wrapping: [
    ...picture("192x108"),
    ...sound(),
    ...h264,
    "-c:a",
    "aac",
    "-output_ts_offset",
    String(nearWrap),
  ],
  silent: [...picture("160x90"), ...h264, "-mpegts_start_pid", "0x101"],
  mpeg2: [...picture("192x108"), ...sound(), "-c:v", "mpeg2video", ...keyframes, "-c:a", "mp2"],
  hevc: [...picture("192x108"), ...sound(), ...hevc, "-c:a", "ac3"],
  radio: [...sound(), "-c:a", "mp2", "-mpegts_start_pid", "0x100"],
  /** A PMT of two packets. */
  crowded: [
    ...[...picture("192x108"), ...sound(), "-map", "0"],
    ...Array.from({ length: 20 }, () => ["-map", "1"]).flat(),
    ...[...h264, "-c:a", "mp2", "-metadata:s:a", "language=fra"],
  ],
} satisfies Record<string, readonly string[]>

export type Recipe = keyof typeof recipes
const hasHevc = await canEncodeHevc()
/** Those that this ffmpeg can make. */
export const recipeNames = (Object.keys(recipes) as Recipe[]).filter((name) => name !== "hevc" || hasHevc)

/** A stream made by ffmpeg, some seconds long; the same for each call. */
async function make(recipe: Recipe): Promise<Buffer> {
  const directory = await mkdtemp(join(tmpdir(), "tributary-splice-"))
  try {
    const file = join(directory, "made.ts")
    await run("ffmpeg", ["-v", "error", ...recipes[recipe], "-f", "mpegts", file])
    return await readFile(file)
  } finally {
    await rm(directory, { recursive: true })
  }
}

export async function makeFeeds<Name extends Recipe>(names: readonly Name[]): Promise<Record<Name, Buffer>> {
  const made: [Name, Buffer][] = []
  // One after another: ffmpeg takes all the cores there are.
  for (const name of names) made.push([name, await make(name)])
  return Object.fromEntries(made) as Record<Name, Buffer>
}

/** A copy in pieces of random sizes, whole packets each, since a splicer edits what it is given. */
export function chunksOf(stream: Buffer, random: SeededRandom): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 0; at < stream.length; ) {
    const count = random.pick([1, 1, 2, 7, 30, 150, 700])
    chunks.push(Buffer.from(stream.subarray(at, at + count * packetBytes)))
    at += count * packetBytes
  }
  return chunks
}

export const packetsIn = (stream: Buffer, from: number, to = Number.POSITIVE_INFINITY) =>
  stream.subarray(from * packetBytes, Math.min(stream.length, to * packetBytes))

export function judge(stream: Buffer) {
  const checker = createStreamChecker({ now: () => 0 })
  checker.feed(stream, 0)
  checker.end(0)
  return checker.report()
}

/** What a player must never see, as the checker reports it. */
export function faultsIn(stream: Buffer) {
  const report = judge(stream)
  return {
    aligned: report.aligned,
    tablesFirst: report.tablesFirst,
    startsOnKeyframe: report.startsOnKeyframe,
    ccErrors: report.ccErrors,
    pcrJumps: report.pcrJumps,
    dtsBackwards: report.dtsBackwards,
    unannouncedPtsJumps: report.unannouncedPtsJumps,
    unannouncedAudioPtsJumps: report.unannouncedAudioPtsJumps,
    ptsJumps: report.ptsJumps,
    audioPtsJumps: report.audioPtsJumps,
    orphanPackets: report.orphanPackets,
    malformedPes: report.malformedPes,
    splicesOffKeyframe: report.splicesOffKeyframe,
    pmtChangesUnderSameVersion: report.pmtChangesUnderSameVersion,
    tableCrcErrors: report.tableCrcErrors,
    partialPacketBytes: report.partialPacketBytes,
  }
}

export const faultless = (startsOnKeyframe: true | null = true): ReturnType<typeof faultsIn> => ({
  aligned: true,
  tablesFirst: true,
  startsOnKeyframe,
  ccErrors: 0,
  pcrJumps: 0,
  dtsBackwards: 0,
  unannouncedPtsJumps: 0,
  unannouncedAudioPtsJumps: 0,
  ptsJumps: 0,
  audioPtsJumps: 0,
  orphanPackets: 0,
  malformedPes: 0,
  splicesOffKeyframe: 0,
  pmtChangesUnderSameVersion: 0,
  tableCrcErrors: 0,
  partialPacketBytes: 0,
})
