import type { Server } from "node:http"
import { setTimeout as delay } from "node:timers/promises"
import { createAdaptorServer } from "@hono/node-server"
import { gatewayApp } from "./gateway-app.ts"
import { RedisLink } from "./redis-link.ts"
import { type GatewayStats, TrafficCount } from "./traffic-count.ts"

/** Why the gateway did not start; `message` is one line that names the culprit. */
export class GatewayStartError extends Error {
  override name = "GatewayStartError"
  readonly code: "port_in_use" | "listen_failed" | "redis_silent"

  constructor(code: GatewayStartError["code"], message: string) {
    super(message)
    this.code = code
  }
}

export type StartGatewayOptions = {
  /** 0 picks a free port. */
  port: number
  redisPort: number
  token: string
  host?: string
  redisHost?: string
  /** Larger request bodies are answered 413. */
  maxBodyBytes?: number
  /** A request that Redis has not answered by then is answered 503. */
  commandTimeoutMs?: number
  /** How long to wait for Redis at the start. */
  readyTimeoutMs?: number
}

export type Gateway = {
  url: string
  token: string
  stats(): GatewayStats
  resetStats(): void
  /** Lets requests under way finish for a moment, then cuts them off. Idempotent. */
  close(): Promise<void>
}

const DEFAULT_MAX_BODY_BYTES = 64 * 1024 * 1024
const CLOSE_GRACE_MS = 500
const READY_POLL_MS = 20
/** Longer than any client keeps an idle connection, so that none is closed just as it is used again. */
const KEEP_ALIVE_MS = 120_000

/** Starts the gateway; resolves when it listens and Redis answers, rejects with `GatewayStartError`. */
export async function startGateway(options: StartGatewayOptions): Promise<Gateway> {
  const { token, host = "127.0.0.1", redisHost = "127.0.0.1", readyTimeoutMs = 10_000 } = options
  const traffic = new TrafficCount()
  const link = new RedisLink({
    host: redisHost,
    port: options.redisPort,
    commandTimeoutMs: options.commandTimeoutMs ?? 900,
  })
  const app = gatewayApp({
    token,
    maxBodyBytes: options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES,
    link,
    traffic,
  })
  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  server.keepAliveTimeout = KEEP_ALIVE_MS
  let closing: Promise<void> | null = null
  const close = () => {
    closing ??= closeServer(server).then(() => link.close())
    return closing
  }
  try {
    const port = await listen(server, host, options.port)
    await awaitRedis(link, `${redisHost}:${options.redisPort}`, readyTimeoutMs)
    return {
      url: `http://${host}:${port}`,
      token,
      stats: () => traffic.read(),
      resetStats: () => traffic.reset(),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "EADDRINUSE"
          ? new GatewayStartError("port_in_use", `gateway: port ${port} is in use`)
          : new GatewayStartError(
              "listen_failed",
              `gateway: cannot listen on ${host}:${port} (${error.code})`,
            ),
      )
    })
    server.listen(port, host, () => {
      const address = server.address()
      resolve(address !== null && typeof address === "object" ? address.port : port)
    })
  })
}

async function awaitRedis(link: RedisLink, address: string, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!(await link.isReady())) {
    if (performance.now() > deadline) {
      throw new GatewayStartError("redis_silent", `gateway: redis at ${address} does not answer`)
    }
    await delay(READY_POLL_MS)
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS)
    // Reports an error when it never listened, and is gone either way.
    server.close(() => {
      clearTimeout(cut)
      resolve()
    })
    server.closeIdleConnections()
  })
}
