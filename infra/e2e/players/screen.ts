import { spawn } from "node:child_process"
import { once } from "node:events"
import type { Programs } from "./programs.ts"

const [width, height] = [1280, 720]
const [smallWidth, smallHeight] = [64, 36]
const startMilliseconds = 10_000

/** A picture of a screen in 64 by 36 grey values, from 0 to 255. */
export type GreyPicture = Uint8Array

/** A screen of 1280 by 720 that is in memory only. */
export interface Screen {
  /** As X programs want it: `:99`. */
  display: string
  /** Saves what is to be seen as a PNG. */
  save: (file: string) => Promise<void>
  look: () => Promise<GreyPicture>
}

/** Starts an X server on a free display, reached by a local socket only. */
export async function startScreen(programs: Programs): Promise<Screen> {
  const number = Promise.withResolvers<string>()
  const child = await programs.start(
    "Xvfb",
    ["-displayfd", "1", "-screen", "0", `${width}x${height}x24`, "-nolisten", "tcp"],
    { onLine: (from, line) => void (from === "stdout" && number.resolve(line.trim())) },
  )
  void child.exited.then(({ lastLine }) => number.reject(new Error(`Xvfb ended: ${lastLine}`)))
  const timer = setTimeout(() => number.reject(new Error("Xvfb was not ready in time")), startMilliseconds)
  const display = `:${await number.promise}`
  clearTimeout(timer)
  const input = ["-f", "x11grab", "-draw_mouse", "0", "-video_size", `${width}x${height}`, "-i", display]
  const small = `scale=${smallWidth}:${smallHeight}:flags=area,format=gray`
  return {
    display,
    save: async (file) => void (await grab([...input, "-frames:v", "1", "-update", "1", "-y", file])),
    look: () => grab([...input, "-frames:v", "1", "-vf", small, "-f", "rawvideo", "-"]),
  }
}

/** From 0 to 255: the mean, and the standard deviation, which is 0 for a screen of one colour. */
export function lightOf(picture: GreyPicture): { mean: number; spread: number } {
  const mean = meanOf([...picture])
  return { mean, spread: Math.sqrt(meanOf([...picture].map((value) => (value - mean) ** 2))) }
}

/** The share of a picture that is visibly another in the other one. */
export function changeBetween(one: GreyPicture, other: GreyPicture): number {
  const visible = 8
  const changed = one.filter((value, index) => Math.abs(value - (other[index] ?? 0)) > visible)
  return changed.length / one.length
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** What ffmpeg writes to its standard output; rejects with its words when it fails. */
async function grab(args: readonly string[]): Promise<Buffer> {
  const child = spawn("ffmpeg", ["-nostdin", "-v", "error", ...args], { stdio: ["ignore", "pipe", "pipe"] })
  const out: Buffer[] = []
  let errors = ""
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk))
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-1_000)
  })
  const timer = setTimeout(() => child.kill("SIGKILL"), startMilliseconds)
  const [code] = (await once(child, "close")) as [number | null]
  clearTimeout(timer)
  if (code !== 0) throw new Error(`the screen could not be grabbed: ${errors}`)
  return Buffer.concat(out)
}
