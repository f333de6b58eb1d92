// biome-ignore-all lint/style/noRestrictedImports: test set-up; no tier imports it
// biome-ignore-all lint/correctness/noNodejsModules: test set-up; no tier imports it
import { readFileSync } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Redis } from "@upstash/redis"
import { type Gateway, startGateway } from "../../../infra/local/gateway/start-gateway.ts"
import { startRedis } from "../../../infra/local/redis/start-redis.ts"
import { type PartName, partFiles } from "./script-parts.ts"
import { bindScripts, type RunScript, type ScriptSources } from "./scripts.ts"

/** A real Redis behind the real gateway, with the client and the scripts as both tiers use them. */
export interface TestStore {
  redis: Redis
  run: RunScript
  /** Sends each call as a request of its own, as many edge locations do, where `run` joins those of a tick. */
  runApart: RunScript
  gateway: Gateway
  /** Redis' own clock, in milliseconds. */
  now(): Promise<number>
  /** Everything that is stored, key by key. */
  dump(): Promise<Record<string, unknown>>
  close(): Promise<void>
}

const token = "the-token"

export async function openTestStore(): Promise<TestStore> {
  const dataDir = await mkdtemp(join(tmpdir(), "shared-test-"))
  const server = await startRedis({ port: 0, dataDir })
  const gateway = await startGateway({ port: 0, redisPort: server.port, token })
  const options = { url: gateway.url, token, automaticDeserialization: false, enableTelemetry: false }
  const redis = new Redis(options)
  const apart = new Redis({ ...options, enableAutoPipelining: false })
  return {
    redis,
    run: bindScripts(redis, scriptTexts()),
    runApart: bindScripts(apart, scriptTexts()),
    gateway,
    now: async () => {
      const [seconds, microseconds] = await redis.time()
      return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000)
    },
    dump: () => dump(redis),
    close: async () => {
      await Promise.all([gateway.close(), server.close()])
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

function scriptTexts(): ScriptSources {
  const read = (file: string) => readFileSync(new URL(file, import.meta.url), "utf8")
  return Object.fromEntries(
    Object.entries(partFiles).map(([name, file]) => [name as PartName, read(file)]),
  ) as ScriptSources
}

async function dump(redis: Redis): Promise<Record<string, unknown>> {
  const names = (await redis.keys("*")).sort((a, b) => (a < b ? -1 : 1))
  const entries = names.map(async (name) => {
    const type = await redis.type(name)
    if (type === "hash") return [name, await redis.hgetall(name)] as const
    if (type === "zset") return [name, await redis.zrange(name, 0, -1, { withScores: true })] as const
    return [name, await redis.get(name)] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}
