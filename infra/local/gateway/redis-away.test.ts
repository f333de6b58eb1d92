import { errors, Redis } from "@upstash/redis"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { eventually, type GatewayFixture, startFixture, TOKEN } from "./gateway-fixture.ts"
import { GatewayStartError, startGateway } from "./start-gateway.ts"

let fixture: GatewayFixture

beforeEach(async () => {
  fixture = await startFixture()
})
afterEach(() => fixture.close())

async function timed(path: string): Promise<{ status: number; body: unknown; ms: number }> {
  const startedAt = performance.now()
  const response = await fixture.fetch(path)
  return { status: response.status, body: await response.json(), ms: performance.now() - startedAt }
}

const isBack = async () => (await fixture.fetch("/ping")).status === 200

describe("while Redis is away", () => {
  it("answers 503 at once after a kill, and has the data again after a restart", async () => {
    await fixture.fetch("/set/kept/value")
    await fixture.redis().destroy()
    for (const path of ["/get/kept", "/get/kept", "/ping"]) {
      const { status, body, ms } = await timed(path)
      expect([status, body]).toEqual([503, { error: "ERR redis is not reachable" }])
      expect(ms).toBeLessThan(1000)
    }
    for (const path of ["/pipeline", "/multi-exec"]) {
      const response = await fixture.fetch(path, { method: "POST", body: '[["GET","kept"]]' })
      expect(response.status).toBe(503)
    }
    await fixture.restartRedis()
    await eventually(isBack)
    expect((await timed("/get/kept")).body).toEqual({ result: "value" })
  })

  it("fails requests under way when Redis dies, and never half a transaction after it", async () => {
    const commands = Array.from({ length: 200 }, () => ["INCR", "counter"])
    const body = JSON.stringify(commands)
    const killed = new AbortController()
    const statuses = new Set<number>()
    const writers = Array.from({ length: 8 }, async () => {
      while (!killed.signal.aborted) {
        const response = await fixture.fetch("/multi-exec", { method: "POST", body })
        await response.text()
        statuses.add(response.status)
      }
    })
    await eventually(async () => fixture.gateway.stats().requests > 20)
    await fixture.redis().destroy()
    await eventually(async () => statuses.has(503))
    killed.abort()
    await Promise.all(writers)
    expect(statuses).toEqual(new Set([200, 503]))
    await fixture.restartRedis()
    await eventually(isBack)
    const { body: counter } = await timed("/get/counter")
    expect(Number((counter as { result: string }).result) % commands.length).toBe(0)
  })

  it("answers 503 within a second when Redis hangs, then at once, and recovers", async () => {
    await fixture.fetch("/set/kept/value")
    process.kill(fixture.redis().pid, "SIGSTOP")
    const first = await timed("/get/kept")
    expect([first.status, first.body]).toEqual([503, { error: "ERR redis does not answer" }])
    expect(first.ms).toBeLessThan(1500)
    const second = await timed("/get/kept")
    expect(second.status).toBe(503)
    expect(second.ms).toBeLessThan(500)
    process.kill(fixture.redis().pid, "SIGCONT")
    await eventually(isBack)
    expect((await timed("/get/kept")).body).toEqual({ result: "value" })
  })

  it("shows the client an error of its own", async () => {
    await fixture.redis().destroy()
    const redis = new Redis({ url: fixture.gateway.url, token: TOKEN })
    const failing = redis.get("a")
    await expect(failing).rejects.toBeInstanceOf(errors.UpstashError)
  })

  it("does not start, and names Redis", async () => {
    await fixture.redis().destroy()
    const redisPort = fixture.redis().port
    const starting = startGateway({ port: 0, redisPort, token: TOKEN, readyTimeoutMs: 100 })
    await expect(starting).rejects.toBeInstanceOf(GatewayStartError)
    await expect(starting).rejects.toThrow(`gateway: redis at 127.0.0.1:${redisPort} does not answer`)
  })
})

describe("close", () => {
  it("is quick with idle keep-alive connections and a hanging Redis, and frees the port", async () => {
    await fixture.fetch("/ping")
    process.kill(fixture.redis().pid, "SIGSTOP")
    const pending = fixture.fetch("/ping").catch((error: unknown) => error)
    await eventually(async () => fixture.gateway.stats().requests === 2)
    const startedAt = performance.now()
    await Promise.all([fixture.gateway.close(), fixture.gateway.close()])
    expect(performance.now() - startedAt).toBeLessThan(1000)
    await pending
    process.kill(fixture.redis().pid, "SIGCONT")
    const port = Number(new URL(fixture.gateway.url).port)
    const again = await startGateway({ port, redisPort: fixture.redis().port, token: TOKEN })
    await again.close()
  })
})
