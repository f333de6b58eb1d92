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

/** An abort kills it; the promise rejects only when it is gone. */
export const runFfmpeg = (args: string[], signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) throw new Error("the rendering was stopped")
    const child = spawn("ffmpeg", args, { stdio: ["ignore", "ignore", "pipe"] })
    const kill = () => child.kill("SIGKILL")
    signal?.addEventListener("abort", kill)
    const timer = setTimeout(kill, longestRenderMs)
    let tail = ""
    child.stderr.setEncoding("utf8")
    child.stderr.on("data", (text: string) => {
      tail = (tail + text).slice(-stderrTailBytes)
    })
    child.on("error", (error) => {
      clearTimeout(timer)
      reject(new Error(`ffmpeg could not be started: ${error.message}`))
    })
    child.on("close", (code, killedBy) => {
      clearTimeout(timer)
      signal?.removeEventListener("abort", kill)
      if (code === 0) resolve()
      else reject(new Error(`ffmpeg ended with ${killedBy ?? code}: ${tail.trim()}`))
    })
  })

/** The same content three times; `lateMp4` has its index at its end, as many files of providers do. */
export type MovieFiles = { mp4: Buffer; mkv: Buffer; lateMp4: Buffer }

/** Renders into a data folder, each recipe once: a second start finds the files. */
export type Renderer = {
  loop: (recipe: Recipe) => Promise<Buffer>
  movie: (recipe: Recipe, seconds: number) => Promise<MovieFiles>
  /** Resolves when no ffmpeg runs and no partial file is left; stops nothing by itself. */
  close: () => Promise<void>
}

export function createRenderer(dataDir: string, run: RunFfmpeg = runFfmpeg): Renderer {
  const font = firstThatExists(fonts)
  const atMostTwo = limitConcurrency(2)
  const running = new Set<Promise<string>>()

  /** The name holds the hash of the arguments, so a changed recipe is another file. */
  async function cached(extension: string, args: (output: string) => string[]): Promise<string> {
    const file = render(extension, args)
    running.add(file)
    return await file.finally(() => running.delete(file))
  }

  async function render(extension: string, args: (output: string) => string[]): Promise<string> {
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
      const [mkv, lateMp4] = await Promise.all([
        cached("mkv", (output) => remuxArguments(mp4, "matroska", output)),
        cached("mp4", (output) => remuxArguments(mp4, "mp4", output)),
      ])
      return { mp4: await readFile(mp4), mkv: await readFile(mkv), lateMp4: await readFile(lateMp4) }
    },
    async close() {
      while (running.size > 0) await Promise.allSettled([...running])
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
