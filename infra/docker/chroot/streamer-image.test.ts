import { once } from "node:events"
import { mkdtemp, readFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { freePort } from "../../e2e/system/free-ports.ts"
import { eventually, type GatewayFixture, startFixture, TOKEN } from "../../local/gateway/gateway-fixture.ts"
import { buildImage } from "./build-image.ts"
import { type Image, removeStages } from "./build-stages.ts"
import { canBuild, isAsked } from "./can-build.ts"
import { type Container, runOnce, startContainer } from "./run-image.ts"

describe.runIf(canBuild && (isAsked || process.env.CI !== undefined))(
  "the streamer's image, built in a chroot",
  () => {
    let folder: string
    let image: Image
    let store: GatewayFixture
    let port: number
    let environment: Record<string, string>
    let streamer: Container
    let output = ""

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "tributary-image-"))
      ;[image, store, port] = await Promise.all([
        buildImage("streamer.Dockerfile", folder),
        startFixture(),
        freePort(),
      ])
      environment = {
        UPSTASH_REDIS_REST_URL: store.gateway.url,
        UPSTASH_REDIS_REST_TOKEN: TOKEN,
        TRIBUTARY_SECRET: "a secret of this test alone, long enough",
        EDGE_URL: "http://127.0.0.1:9",
        STREAMER_ADDRESS: `http://127.0.0.1:${port}`,
        STREAMER_PORT: String(port),
      }
      streamer = await startContainer({ image, command: image.command, environment })
      for (const stream of [streamer.child.stdout, streamer.child.stderr])
        stream?.setEncoding("utf8").on("data", (text: string) => {
          output += text
        })
    }, 300_000)

    afterAll(async () => {
      streamer?.child.kill("SIGKILL")
      await store?.close()
      await removeStages(folder)
    })

    it("serves as process 1 of a user without rights, from a root that can only be read", async () => {
      await eventually(() => answers(`http://127.0.0.1:${port}/ready`), 20_000).catch(() => {
        throw new Error(output)
      })
      const pid = await streamer.pid()
      const { stdout } = await runOnce({
        image: { ...image, user: "root" },
        command: ["/bin/sh", "-c", "touch /app/here || echo read-only"],
      })
      expect(stdout).toContain("read-only")
      const status = await readFile(`/proc/${pid}/status`, "utf8")
      expect(status).toMatch(/^NSpid:\s+\d+\s+1$/m)
      expect(status).toMatch(/^Uid:\s+10001\s/m)
      expect(output).not.toMatch(/EROFS|EACCES/)
    })

    it("is found healthy while it serves, and unhealthy where nothing does", async () => {
      const command = image.healthCheck ?? []
      await expect(runOnce({ image, command, environment })).resolves.toBeDefined()
      await expect(
        runOnce({ image, command, environment: { ...environment, STREAMER_PORT: "9" } }),
      ).rejects.toMatchObject({ code: 1 })
    })

    it("has an ffmpeg that makes pictures with words, and sound", async () => {
      const picture = "color=c=black:s=320x180:r=25:d=1,drawtext=text='One moment':fontcolor=white"
      const { stderr } = await runOnce({
        image,
        command: [
          ...["ffmpeg", "-v", "warning", "-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", "sine=d=1"],
          ...["-c:v", "libx264", "-c:a", "aac", "-f", "mpegts", "/tmp/out.ts"],
        ],
      })
      expect(stderr).toBe("")
    })

    it("leaves in time when it is told to, and takes its registration back", async () => {
      expect(await registered(store)).toBe(1)
      const exited = once(streamer.child, "exit")
      const startedAt = performance.now()
      process.kill(await streamer.pid(), "SIGTERM")
      const [code] = (await exited) as [number]
      expect(code).toBe(0)
      expect(performance.now() - startedAt).toBeLessThan(5_000)
      expect(await registered(store)).toBe(0)
    })
  },
)

const answers = (url: string) =>
  fetch(url).then(
    async (response) => response.ok && (await response.text()).includes('"ok"'),
    () => false,
  )

async function registered(store: GatewayFixture): Promise<number> {
  const response = await store.fetch("/", { method: "POST", body: JSON.stringify(["HLEN", "streamers"]) })
  return ((await response.json()) as { result: number }).result
}
