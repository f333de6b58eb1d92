import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { processesWith } from "./find-processes.ts"
import { freePort } from "./free-ports.ts"

export interface SystemOptions {
  environment?: Record<string, string>
  /** Given to keep state over a restart; else a new folder, removed by `close`. */
  dataDir?: string
  streamers?: number
}

/** A whole system, run as users run it. */
export interface System {
  baseUrl: string
  /** Of the viewer to try, credentials included. */
  playlistUrl: string
  adminToken: string | null
  dataDir: string
  ports: { edge: number; streamers: number[]; redis: number; gateway: number; demo: number }
  /** Log lines so far, parsed. */
  logs: Record<string, unknown>[]
  /** Ids of this system's processes whose command line has a text in it. */
  processes: (text: string) => Promise<number[]>
  /** Sends npm a signal and waits for the end; gives milliseconds and the exit code. */
  stop: (signal: NodeJS.Signals) => Promise<{ milliseconds: number; code: number | null }>
  /** Stops it if it runs, and removes its folder. */
  close: () => Promise<void>
}

/** `npm start` that ended before it was ready. */
export class StartFailed extends Error {
  override name = "StartFailed"
  readonly code: number | null
  /** Standard error without JSON log lines. */
  readonly lines: string[]

  constructor(code: number | null, lines: string[]) {
    super(`npm start ended with ${code}: ${lines.join(" | ")}`)
    this.code = code
    this.lines = lines
  }
}

const root = fileURLToPath(new URL("../../..", import.meta.url))
const readyTimeoutMs = 120_000

/** Runs `npm start` on free ports of loopback and waits for its ready line; throws StartFailed. */
export async function startSystem(options: SystemOptions = {}): Promise<System> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "tributary-e2e-")))
  const count = options.streamers ?? 1
  const edge = await freePort(4 + count)
  const [redis, gateway, demo, streamer] = [edge + 1, edge + 2, edge + 3, edge + 4]
  const streamers = Array.from({ length: count }, (_, index) => streamer + index)
  const child = spawn("npm", ["start", "--silent"], {
    cwd: root,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...cleanEnvironment(),
      HOST: "127.0.0.1",
      DATA_DIR: dataDir,
      PORT: String(edge),
      REDIS_PORT: String(redis),
      GATEWAY_PORT: String(gateway),
      DEMO_PORT: String(demo),
      STREAMERS: String(count),
      STREAMER_PORT: String(streamer),
      ...options.environment,
    },
  })
  const logs: Record<string, unknown>[] = []
  const plain: string[] = []
  const out: string[] = []
  createInterface(child.stderr).on("line", (line) => {
    if (line.startsWith("{")) logs.push(JSON.parse(line) as Record<string, unknown>)
    else plain.push(line)
  })
  const ready = new Promise<void>((resolve) => {
    createInterface(child.stdout).on("line", (line) => {
      out.push(line)
      if (/^ {2}viewer /.test(line)) resolve()
    })
  })
  const exited = once(child, "exit").then(([code]) => code as number | null)
  const closed = once(child, "close")
  const stop: System["stop"] = async (signal) => {
    const from = performance.now()
    child.kill(signal)
    const code = await exited
    return { milliseconds: performance.now() - from, code }
  }
  const close = async () => {
    if (child.exitCode === null && child.signalCode === null) await stop("SIGTERM")
    await closed
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true })
  }
  const timeout = AbortSignal.timeout(readyTimeoutMs)
  const failed = exited.then(async (code) => {
    await closed
    throw new StartFailed(code, plain)
  })
  const late = once(timeout, "abort").then(() => {
    throw new Error(`npm start was not ready in time: ${plain.join(" | ")} ${JSON.stringify(logs.slice(-5))}`)
  })
  try {
    await Promise.race([ready, failed, late])
  } catch (error) {
    await close()
    throw error
  } finally {
    failed.catch(() => undefined)
    late.catch(() => undefined)
  }
  const value = (label: string) => new RegExp(`^ {2}${label} +(\\S+)`, "m").exec(out.join("\n"))?.[1] ?? null
  return {
    baseUrl: /^ready (\S+)$/m.exec(out.join("\n"))?.[1] ?? "",
    playlistUrl: value("playlist") ?? "",
    adminToken: value("admin token"),
    dataDir,
    ports: { edge, streamers, redis, gateway, demo },
    logs,
    processes: (text) => processesWith(`DATA_DIR=${dataDir}`, `127.0.0.1:${redis}`, text),
    stop,
    close,
  }
}

/** Without this test run's own npm and vitest variables, and without settings of the user's. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = ["PATH", "HOME", "TMPDIR", "LANG", "USER"]
  return Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
}
