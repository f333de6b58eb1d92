import { once } from "node:events"
import { mkdtemp } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { freePort } from "../../e2e/system/free-ports.ts"
import { eventually, type GatewayFixture, startFixture, TOKEN } from "../../local/gateway/gateway-fixture.ts"
import { buildImage } from "./build-image.ts"
import { type Image, removeStages } from "./build-stages.ts"
import { canBuild, isAsked } from "./can-build.ts"
import { type Container, runOnce, startContainer } from "./run-image.ts"

// Two minutes, and hundreds of megabytes from the npm registry: not for each run of CI.
describe.runIf(canBuild && isAsked)("the edge's image, built in a chroot", () => {
  let folder: string
  let image: Image
  let store: GatewayFixture
  let port: number
  const containers: Container[] = []

  async function start(command: readonly string[], environment: Record<string, string>): Promise<Container> {
    const container = await startContainer({ image, command, environment })
    containers.push(container)
    return container
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tributary-image-"))
    ;[image, store, port] = await Promise.all([
      buildImage("edge.Dockerfile", folder),
      startFixture(),
      freePort(2),
    ])
  }, 600_000)

  afterAll(async () => {
    for (const { child } of containers) child.kill("SIGKILL")
    await store?.close()
    await removeStages(folder)
  })

  it("runs the Worker from a root that can only be read, is found healthy, and leaves at once", async () => {
    const environment = {
      EDGE_PORT: String(port),
      EDGE_DATA_DIR: "/tmp/data",
      UPSTASH_REDIS_REST_URL: store.gateway.url,
      UPSTASH_REDIS_REST_TOKEN: TOKEN,
      TRIBUTARY_SECRET: "a secret of this test alone, long enough",
      ADMIN_TOKEN: "the-admin-token",
      BASE_URL: "https://tv.example",
    }
    const command = image.healthCheck ?? []
    await expect(runOnce({ image, command, environment })).rejects.toMatchObject({ code: 1 })
    const edge = await start(image.command, environment)
    await eventually(() => answersWith(`http://127.0.0.1:${port}/health`, 503), 20_000)
    expect(await answersWith(`http://127.0.0.1:${port}/icon.svg`, 200)).toBe(true)
    await expect(runOnce({ image, command, environment })).resolves.toBeDefined()
    expect(await millisecondsToLeave(edge)).toBeLessThan(3_000)
  })

  it("has the gateway, too", async () => {
    const gateway = await start(["node", "infra/local/gateway/main.ts"], {
      GATEWAY_PORT: String(port + 1),
      GATEWAY_TOKEN: "a-token",
      REDIS_PORT: String(store.redis().port),
    })
    await eventually(() => answersWith(`http://127.0.0.1:${port + 1}/`, 401), 10_000)
    expect(await millisecondsToLeave(gateway)).toBeLessThan(3_000)
  })
})

async function millisecondsToLeave({ child, pid }: Container): Promise<number> {
  const startedAt = performance.now()
  const exited = once(child, "exit")
  process.kill(await pid(), "SIGTERM")
  await exited
  return performance.now() - startedAt
}

const answersWith = (url: string, status: number) =>
  fetch(url).then(
    async (response) => {
      await response.body?.cancel()
      return response.status === status
    },
    () => false,
  )
