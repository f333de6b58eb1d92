import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { type RedisServer, startRedis } from "../redis/start-redis.ts"
import { type Gateway, type StartGatewayOptions, startGateway } from "./start-gateway.ts"

/** A real Redis and a real gateway in front of it, for tests. */
export type GatewayFixture = {
  gateway: Gateway
  redis(): RedisServer
  /** Starts Redis again on the same port with the same data. */
  restartRedis(): Promise<void>
  /** A request with the right token. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  close(): Promise<void>
}

export const TOKEN = "the-token"

export async function startFixture(options: Partial<StartGatewayOptions> = {}): Promise<GatewayFixture> {
  const dataDir = await mkdtemp(join(tmpdir(), "gateway-test-"))
  let redis = await startRedis({ port: 0, dataDir })
  const gateway = await startGateway({ port: 0, redisPort: redis.port, token: TOKEN, ...options })
  return {
    gateway,
    redis: () => redis,
    restartRedis: async () => {
      redis = await startRedis({ port: redis.port, dataDir })
    },
    fetch: (path, init = {}) =>
      fetch(gateway.url + path, { ...init, headers: { authorization: `Bearer ${TOKEN}`, ...init.headers } }),
    close: async () => {
      // Together, so that a gateway which fails to close does not leave a Redis behind.
      await Promise.all([gateway.close(), redis.close()])
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** Polls until the condition holds; fails loudly after the deadline. */
export async function eventually(condition: () => Promise<boolean>, deadlineMs = 5000): Promise<void> {
  const deadline = performance.now() + deadlineMs
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not so within ${deadlineMs} ms`)
    await delay(10)
  }
}
