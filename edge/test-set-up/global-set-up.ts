import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { TestProject } from "vitest/node"
import { startGateway } from "../../infra/local/gateway/start-gateway.ts"
import { startRedis } from "../../infra/local/redis/start-redis.ts"
import { startControlServer } from "./control-server.ts"
import { startDnsServer } from "./dns-server.ts"
import { startEcsServer } from "./ecs-server.ts"
import { startFaultProxy } from "./fault-proxy.ts"

const token = "the-store-token"

/** A real Redis behind the real gateway for the Worker under test; gives what closes them all. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), "edge-test-"))
  const redis = await startRedis({ port: 0, dataDir })
  const gateway = await startGateway({ port: 0, redisPort: redis.port, token })
  const proxy = await startFaultProxy(Number(new URL(gateway.url).port))
  const control = await startControlServer(proxy)
  const [ecs, dns] = await Promise.all([startEcsServer(), startDnsServer()])
  project.provide("bindings", {
    UPSTASH_REDIS_REST_URL: `http://127.0.0.1:${proxy.port}`,
    UPSTASH_REDIS_REST_TOKEN: token,
    TRIBUTARY_SECRET: "a-secret-of-at-least-thirty-two-characters",
    ADMIN_TOKEN: "the-admin-token",
    METRICS_TOKEN: "the-metrics-token",
    BASE_URL: "https://tv.example",
    CONTROL_URL: control.url,
    GATEWAY_URL: gateway.url,
    ECS_ENDPOINT: ecs.url,
    CLOUDFLARE_API_URL: dns.url,
  })
  return async () => {
    await Promise.all([
      ecs.close(),
      dns.close(),
      control.close(),
      proxy.close(),
      gateway.close(),
      redis.close(),
    ])
    await rm(dataDir, { recursive: true, force: true })
  }
}

declare module "vitest" {
  export interface ProvidedContext {
    bindings: Record<string, string>
  }
}
