import { execFile } from "node:child_process"
import { promisify } from "node:util"

const run = promisify(execFile)

/** How long one turn of the slate lasts; every second begins with a keyframe. */
export const slateSeconds = 10

const maxBytes = 16 * 1024 * 1024
const renderMilliseconds = 30_000
const text = "This channel is interrupted and will be back in a moment"

/** ffmpeg's arguments for the slate as MPEG-TS on its standard output. */
export function slateArguments(withText: boolean): string[] {
  const words = `drawtext=text='${text}':fontcolor=white:fontsize=h/18:x=(w-tw)/2:y=h*0.42`
  // Something that moves, so that viewers see that their player has not hung.
  const sweep = "drawbox=x='mod(t*iw/5,iw)':y=ih*0.56:w=iw/12:h=ih/90:color=0x4C8DFF:t=fill"
  const filters = [...(withText ? [words] : []), sweep, "format=yuv420p"]
  const duration = String(slateSeconds)
  return [
    ...["-nostdin", "-v", "error", "-threads", "1"],
    ...["-f", "lavfi", "-t", duration, "-i", "color=c=0x10151F:size=640x360:rate=25"],
    ...["-f", "lavfi", "-t", duration, "-i", "anullsrc=sample_rate=48000:channel_layout=stereo"],
    ...["-filter:v", filters.join(","), "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency"],
    ...["-profile:v", "baseline", "-g", "25", "-keyint_min", "25", "-sc_threshold", "0", "-bf", "0"],
    ...["-c:a", "aac", "-b:a", "64k", "-f", "mpegts", "-pat_period", "0.1", "pipe:1"],
  ]
}

/** The slate as MPEG-TS; without words where ffmpeg finds no font, null where there is no ffmpeg. */
export async function renderSlate(): Promise<Buffer | null> {
  for (const withText of [true, false]) {
    const rendered = await run("ffmpeg", slateArguments(withText), {
      ...{ encoding: "buffer", maxBuffer: maxBytes, timeout: renderMilliseconds, killSignal: "SIGKILL" },
    }).catch(() => null)
    if (rendered !== null && rendered.stdout.length > 0) return rendered.stdout
  }
  return null
}
