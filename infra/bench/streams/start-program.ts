import { fileURLToPath } from "node:url"
import { startChild } from "../../local/process/child-process.ts"
import type { Opened } from "../shared.ts"
import { onCore } from "./cores.ts"

/** A program that runs in a group of its own. */
export interface RunningProgram extends Opened {
  pid: number
}

export interface ProgramOptions {
  program: string
  arguments: readonly string[]
  /** Null: wherever there is room. */
  core: number | null
  environment?: Record<string, string>
  /** Resolves when it can be used; a line that it writes is handed over as it comes. */
  isReady: (line: string) => boolean
}

const readyMilliseconds = 180_000

/** Starts a program and waits until it says that it is ready; rejects with its last words when it ends before. */
export async function startProgram(options: ProgramOptions): Promise<RunningProgram> {
  const ready = Promise.withResolvers<void>()
  const started = await startChild({
    ...onCore(options.core, options.program, options.arguments),
    cwd: "/",
    closeDeadlineMs: 3_000,
    environment: { ...process.env, ...options.environment },
    onLine: (_from, line) => {
      if (options.isReady(line)) ready.resolve()
    },
  })
  if (started.kind !== "started") throw new Error(`${started.program} cannot be run`)
  const { child } = started
  const timer = setTimeout(
    () => ready.reject(new Error(`${options.program} was not ready`)),
    readyMilliseconds,
  )
  const failed = child.exited.then(({ tail }) => {
    throw new Error(`${options.program} ended: ${tail.trim().slice(-300)}`)
  })
  try {
    await Promise.race([ready.promise, failed])
  } catch (error) {
    await child.destroy()
    throw error
  } finally {
    clearTimeout(timer)
    failed.catch(() => undefined)
  }
  return { pid: child.pid, close: child.close }
}

/** A Node program of ours, which prints `{"ready":true,…}`. */
export function startNode(
  entry: URL,
  core: number | null,
  environment: Record<string, string>,
): Promise<RunningProgram> {
  return startProgram({
    program: process.execPath,
    arguments: ["--disable-warning=ExperimentalWarning", fileURLToPath(entry)],
    core,
    environment,
    isReady: (line) => line.startsWith('{"ready":true'),
  })
}
