import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { type GatewayFixture, startFixture } from "./gateway-fixture.ts"

let fixture: GatewayFixture
const children: ChildProcess[] = []

beforeEach(async () => {
  fixture = await startFixture()
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL")
  await fixture.close()
})

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url))

function run(settings: Record<string, string>) {
  const env = {
    PATH: process.env.PATH,
    GATEWAY_PORT: "0",
    GATEWAY_TOKEN: "secret",
    REDIS_PORT: String(fixture.redis().port),
  }
  const child = spawn(process.execPath, [MAIN], {
    env: { ...env, ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  })
  children.push(child)
  const output = { stdout: "", stderr: "" }
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    output.stdout += chunk
  })
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    output.stderr += chunk
  })
  return { child, output, exited: once(child, "close") as Promise<[number | null, string | null]> }
}

describe("the gateway as a process", () => {
  it.each(["SIGTERM", "SIGINT"] as const)("says when it is ready and ends on %s", async (signal) => {
    const { child, output, exited } = run({})
    await expect.poll(() => output.stdout, { timeout: 10_000 }).toMatch(/\n$/)
    const ready = JSON.parse(output.stdout) as { ready: boolean; url: string }
    expect(ready).toEqual({ ready: true, url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) })
    const response = await fetch(`${ready.url}/ping`, { headers: { authorization: "Bearer secret" } })
    expect(await response.json()).toEqual({ result: "PONG" })
    const startedAt = performance.now()
    child.kill(signal)
    expect(await exited).toEqual([0, null])
    expect(performance.now() - startedAt).toBeLessThan(1000)
    expect(output.stderr).toBe("")
  })

  it("names a port in use", async () => {
    const { port } = new URL(fixture.gateway.url)
    const { output, exited } = run({ GATEWAY_PORT: port })
    expect(await exited).toEqual([1, null])
    expect(output).toEqual({ stdout: "", stderr: `gateway: port ${port} is in use\n` })
  })

  it.each([
    [{ GATEWAY_PORT: "http" }, /^gateway: GATEWAY_PORT: .+\n$/],
    [{ REDIS_PORT: "70000" }, /^gateway: REDIS_PORT: .+\n$/],
    [{ GATEWAY_TOKEN: "" }, /^gateway: GATEWAY_TOKEN: .+\n$/],
  ])("names a bad setting: %j", async (settings, message) => {
    const { output, exited } = run(settings)
    expect(await exited).toEqual([1, null])
    expect(output.stderr).toMatch(message)
  })
})
