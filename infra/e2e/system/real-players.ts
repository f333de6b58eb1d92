import { spawn } from "node:child_process"
import { once } from "node:events"
import { chown, mkdtemp, open, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

export interface PlayerRun {
  code: number | null
  output: string
}

const nobody = 65_534
const killAfterMs = 40_000

/** VLC without a window: plays for some seconds and writes what it demuxed into a new file. */
export async function runVlc(
  url: string,
  { seconds, recording }: { seconds: number; recording: string },
): Promise<PlayerRun> {
  const home = await mkdtemp(join(tmpdir(), "tributary-vlc-"))
  // VLC refuses to run as root, and containers run tests as root.
  const asNobody = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}
  if ("uid" in asNobody) {
    await chown(home, nobody, nobody)
    await (await open(recording, "w")).close()
    await chown(recording, nobody, nobody)
    await chown(join(recording, ".."), nobody, nobody)
  }
  const sout = `#std{access=file,mux=ts,dst=${recording}}`
  const args = [
    "-I",
    "dummy",
    "--no-sout-all",
    "--sout",
    sout,
    "--run-time",
    String(seconds),
    url,
    "vlc://quit",
  ]
  try {
    return await run("cvlc", args, { ...asNobody, env: { ...process.env, HOME: home } })
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

/** mpv without a window: decodes for some seconds. */
export function runMpv(url: string, { seconds }: { seconds: number }): Promise<PlayerRun> {
  const args = ["--no-config", "--vo=null", "--ao=null", `--length=${seconds}`, "--msg-level=all=info", url]
  return run("mpv", args, {})
}

async function run(
  program: string,
  args: string[],
  options: { uid?: number; gid?: number; env?: NodeJS.ProcessEnv },
): Promise<PlayerRun> {
  const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] })
  let output = ""
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-20_000)
    })
  const timer = setTimeout(() => child.kill("SIGKILL"), killAfterMs)
  const [code] = (await once(child, "close")) as [number | null]
  clearTimeout(timer)
  return { code, output }
}

/** ffmpeg as a player: decodes for some seconds of media; `frames` is how many pictures it got, `output` its errors. */
export async function runFfmpeg(
  url: string,
  { seconds }: { seconds: number },
): Promise<PlayerRun & { frames: number }> {
  const input = ["-nostdin", "-v", "error", "-progress", "pipe:1", "-i", url, "-t", String(seconds)]
  const played = await run("ffmpeg", [...input, "-f", "null", "-"], {})
  const frames = [...played.output.matchAll(/^frame=(\d+)$/gm)].at(-1)?.[1]
  return { ...played, frames: Number(frames ?? 0) }
}

/** The pictures that a recording holds, decoded. */
export async function countFrames(file: string): Promise<number> {
  const input = ["-nostdin", "-v", "quiet", "-progress", "pipe:1", "-i", file]
  const { output } = await run("ffmpeg", [...input, "-f", "null", "-"], {})
  return Number([...output.matchAll(/^frame=(\d+)$/gm)].at(-1)?.[1] ?? 0)
}

/** A stream as ffprobe sees it. */
export interface ProbedStream {
  codec_name: string
  codec_type: "video" | "audio" | "data" | "subtitle"
  width?: number
  height?: number
  /** `25/1`. */
  avg_frame_rate: string
  r_frame_rate: string
  channels?: number
}

/** What ffprobe says of an address, and of how it went. */
export async function probe(url: string): Promise<PlayerRun & { streams: ProbedStream[] }> {
  const args = ["-v", "error", "-analyzeduration", "3000000", "-of", "json", "-show_streams", url]
  const probed = await run("ffprobe", args, {})
  const json = probed.output.slice(probed.output.indexOf("{"), probed.output.lastIndexOf("}") + 1)
  return {
    ...probed,
    streams: probed.code === 0 ? (JSON.parse(json) as { streams: ProbedStream[] }).streams : [],
  }
}
