import { spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { access, mkdir, readFile, rename, rm } from "node:fs/promises"
import { join } from "node:path"
import type { Recipe } from "./channels.ts"
import { loopArguments, movieArguments, remuxArguments } from "./render-arguments.ts"

const fonts = [
  "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
  "/usr/share/fonts/dejavu/DejaVuSans.ttf",
  "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
  "/usr/share/fonts/truetype/freefont/FreeSans.ttf",
]
const longestRenderMs = 120_000
const stderrTailBytes = 4096

/** Runs one ffmpeg to its end; rejects with the tail of what it said. */
export type RunFfmpeg = (args: string[]) => Promise<void>

export const runFfmpeg: RunFfmpeg = (args) =>
  new Promise((resolve, reject) => {
    const child = spawn("ffmpeg", args, { stdio: ["ignore", "ignore", "pipe"] })
    const timer = setTimeout(() => child.kill("SIGKILL"), longestRenderMs)
    let tail = ""
    child.stderr.setEncoding("utf8")
    child.stderr.on("data", (text: string) => {
      tail = (tail + text).slice(-stderrTailBytes)
    })
    child.on("error", (error) => {
      clearTimeout(timer)
      reject(new Error(`ffmpeg could not be started: ${error.message}`))
    })
    child.on("close", (code, signal) => {
      clearTimeout(timer)
      if (code === 0) resolve()
      else reject(new Error(`ffmpeg ended with ${signal ?? code}: ${tail.trim()}`))
    })
  })

/** Renders into a data folder, each recipe once: a second start finds the files. */
export type Renderer = {
  loop: (recipe: Recipe) => Promise<Buffer>
  movie: (recipe: Recipe, seconds: number) => Promise<{ mp4: Buffer; mkv: Buffer }>
}

export function createRenderer(dataDir: string, run: RunFfmpeg = runFfmpeg): Renderer {
  const font = firstThatExists(fonts)
  const atMostTwo = limitConcurrency(2)

  /** The name holds the hash of the arguments, so a changed recipe is another file. */
  async function cached(extension: string, args: (output: string) => string[]): Promise<string> {
    const key = createHash("sha256")
      .update(JSON.stringify(args("-")))
      .digest("hex")
      .slice(0, 20)
    const path = join(dataDir, `${key}.${extension}`)
    if (await exists(path)) return path
    await mkdir(dataDir, { recursive: true })
    // Renamed when complete, so that a render that was cut short is never taken for a loop.
    const partial = join(dataDir, `${key}.${process.pid}.${crypto.randomUUID()}.partial`)
    try {
      await atMostTwo(() => run(args(partial)))
      await rename(partial, path)
    } finally {
      await rm(partial, { force: true })
    }
    return path
  }

  return {
    async loop(recipe) {
      const found = await font
      return await readFile(await cached("ts", (output) => loopArguments(recipe, found, output)))
    },
    async movie(recipe, seconds) {
      const found = await font
      const mp4 = await cached("mp4", (output) => movieArguments(recipe, found, seconds, output))
      const mkv = await cached("mkv", (output) => remuxArguments(mp4, output))
      return { mp4: await readFile(mp4), mkv: await readFile(mkv) }
    },
  }
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}

async function firstThatExists(paths: string[]): Promise<string | null> {
  for (const path of paths) if (await exists(path)) return path
  return null
}

function limitConcurrency(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
