import { constants } from "node:fs"
import { access, mkdir } from "node:fs/promises"
import { resolve } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { type Child, type ChildExit, startChild } from "../process/child-process.ts"
import { claimPort } from "../process/claim-port.ts"
import { probeRedis } from "./probe-redis.ts"

/** Why Redis did not start; `message` is one line that names the culprit, `tail` is its output. */
export class RedisStartError extends Error {
  override name = "RedisStartError"
  readonly code: "program_missing" | "port_in_use" | "data_dir_unusable" | "exited" | "not_ready"
  readonly tail: string

  constructor(code: RedisStartError["code"], message: string, tail = "") {
    super(message)
    this.code = code
    this.tail = tail
  }
}

export type StartRedisOptions = {
  /** 0 picks a free port. */
  port: number
  /** Holds the append-only file; made when missing. One server at a time may use it. */
  dataDir: string
  program?: string
  /** Loading a large append-only file takes its time. */
  readyTimeoutMs?: number
  closeDeadlineMs?: number
}

export type RedisServer = {
  host: string
  port: number
  pid: number
  dataDir: string
  /** Resolves when the process is gone; `expected` is false when nobody asked for it. */
  exited: Promise<ChildExit>
  /** Asks for an orderly end (everything is on disk), kills after the deadline. Idempotent. */
  close(): Promise<void>
  /** SIGKILL. Idempotent. */
  destroy(): Promise<void>
}

const HOST = "127.0.0.1"
const PROBE_INTERVAL_MS = 10
const PROBE_TIMEOUT_MS = 1000
const FREE_PORT_ATTEMPTS = 5

/** Runs `redis-server` on loopback; resolves when it serves commands, rejects with `RedisStartError`. */
export async function startRedis(options: StartRedisOptions): Promise<RedisServer> {
  // Absolute, because the child's working directory is not ours.
  const dataDir = resolve(options.dataDir)
  await openDataDir(dataDir)
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce({ ...options, dataDir })
    } catch (error) {
      // Another process took the free port between the claim and the start: take another one.
      const lostRace = options.port === 0 && error instanceof RedisStartError && error.code === "port_in_use"
      if (!lostRace || attempt === FREE_PORT_ATTEMPTS) throw error
    }
  }
}

async function startOnce(options: StartRedisOptions): Promise<RedisServer> {
  const { dataDir, program = "redis-server", readyTimeoutMs = 60_000, closeDeadlineMs = 5000 } = options
  const claim = await claimPort(HOST, options.port)
  if (claim.kind === "refused") {
    throw new RedisStartError("port_in_use", `redis: port ${claim.port} ${claim.reason}`)
  }
  const { port } = claim
  const started = await startChild({
    program,
    arguments: redisArguments(port, dataDir),
    cwd: dataDir,
    closeDeadlineMs,
  })
  if (started.kind === "missing") {
    throw new RedisStartError("program_missing", `redis: program "${program}" is not installed`)
  }
  if (started.kind === "failed") {
    throw new RedisStartError("program_missing", `redis: "${program}" cannot be run: ${started.reason}`)
  }
  const { child } = started
  await awaitReady(child, port, readyTimeoutMs)
  return {
    host: HOST,
    port,
    pid: child.pid,
    dataDir,
    exited: child.exited,
    close: async () => void (await child.close()),
    destroy: async () => void (await child.destroy()),
  }
}

/** Every option is given here, and no file is named, so that no configuration of the machine applies. */
function redisArguments(port: number, dataDir: string): string[] {
  const settings: [string, string][] = [
    ["bind", HOST],
    ["port", String(port)],
    ["protected-mode", "yes"],
    ["daemonize", "no"],
    ["dir", dataDir],
    ["appendonly", "yes"],
    ["appendfsync", "everysec"],
    // Snapshots beside the append-only file would only write everything twice.
    ["save", ""],
    ["maxmemory-policy", "noeviction"],
    // Empty means standard output, which is kept for errors and not shown.
    ["logfile", ""],
  ]
  return settings.flatMap(([name, value]) => [`--${name}`, value])
}

async function openDataDir(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true })
    await access(dataDir, constants.W_OK | constants.X_OK)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new RedisStartError(
      "data_dir_unusable",
      `redis: data directory ${dataDir} is not writable (${code ?? message})`,
    )
  }
}

async function awaitReady(child: Child, port: number, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (performance.now() < deadline) {
    const event = await Promise.race([child.exited, probeRedis(HOST, port, PROBE_TIMEOUT_MS)])
    if (!("kind" in event)) throw await describeExit(event, port)
    if (event.kind === "answers" && event.pid === child.pid && event.ready) return
    await delay(PROBE_INTERVAL_MS)
  }
  const exit = await child.destroy()
  throw new RedisStartError("not_ready", `redis: not ready within ${timeoutMs} ms on port ${port}`, exit.tail)
}

async function describeExit(exit: ChildExit, port: number): Promise<RedisStartError> {
  const claim = await claimPort(HOST, port)
  if (claim.kind === "refused") {
    return new RedisStartError("port_in_use", `redis: port ${port} ${claim.reason}`, exit.tail)
  }
  const how = exit.signal ?? `code ${exit.code}`
  return new RedisStartError("exited", `redis: redis-server ended with ${how}: ${exit.lastLine}`, exit.tail)
}
