import { readdir } from "node:fs/promises"
import type { Logger } from "@tributary/shared/log/log"
import { FfmpegProcess } from "./ffmpeg-process.ts"
import { type Hardware, type HardwareKind, hardwareSetup, liveOptions, uploadFilters } from "./hardware.ts"
import type { SpawnFfmpeg } from "./spawn-ffmpeg.ts"

export interface DetectHardwareOptions {
  spawn: SpawnFfmpeg
  /** Where render nodes are: `/dev/dri`. */
  devices: string
  /** For one trial; then it is killed. */
  trialMilliseconds: number
  logger: Logger
}

const codecs = ["h264", "hevc"] as const

/**
 * Gives what finds the first encoder outside the processor that works here, null for none. It tries once per process,
 * by encoding a few pictures: that ffmpeg knows an encoder says nothing about the machine.
 */
export function hardwareDetector(options: DetectHardwareOptions): () => Promise<Hardware | null> {
  let found: Promise<Hardware | null> | null = null
  return () => {
    found ??= detect(options)
    return found
  }
}

async function detect(options: DetectHardwareOptions): Promise<Hardware | null> {
  for (const candidate of await candidates(options.devices)) {
    const works: (typeof codecs)[number][] = []
    for (const codec of codecs) if (await encodes({ ...candidate, codecs }, codec, options)) works.push(codec)
    if (works.length === 0) continue
    options.logger.info("transcodes use hardware", { ...candidate, codecs: works.join(" ") })
    return { ...candidate, codecs: works }
  }
  options.logger.info("transcodes use software: no hardware encoder works here")
  return null
}

async function candidates(devices: string): Promise<{ kind: HardwareKind; device: string | null }[]> {
  const names = await readdir(devices).catch(() => [])
  const nodes = names.filter((name) => name.startsWith("renderD")).sort()
  return [
    { kind: "nvenc", device: null },
    ...nodes.map((name) => ({ kind: "vaapi" as const, device: `${devices}/${name}` })),
    ...(nodes.length > 0 ? [{ kind: "qsv" as const, device: null }] : []),
  ]
}

/** What encodes five pictures as a transcode would, to nowhere. */
export function trialArguments(hardware: Hardware, codec: "h264" | "hevc"): string[] {
  return [
    ...["-nostdin", "-hide_banner", "-v", "error", ...hardwareSetup(hardware)],
    ...["-f", "lavfi", "-i", "color=size=640x360:rate=25", "-frames:v", "5"],
    ...["-filter:v", uploadFilters[hardware.kind].join(",")],
    ...["-c:v", `${codec}_${hardware.kind}`, ...liveOptions[hardware.kind], "-f", "null", "-"],
  ]
}

async function encodes(
  hardware: Hardware,
  codec: "h264" | "hevc",
  { spawn, trialMilliseconds }: DetectHardwareOptions,
): Promise<boolean> {
  const process = new FfmpegProcess(spawn(trialArguments(hardware, codec)), 1, () => undefined)
  const timer = setTimeout(() => void process.stop(), trialMilliseconds)
  const { code } = await process.gone
  clearTimeout(timer)
  return code === "ended"
}
