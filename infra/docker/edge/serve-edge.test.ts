import { execFile } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { deriveKeys } from "@tributary/shared/secrets/keys"
import { tierAuthorization } from "@tributary/shared/secrets/tier-token"
import { objects } from "@tributary/shared/store/keys"
import { Redis } from "@upstash/redis"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type GatewayFixture, startFixture, TOKEN } from "../../local/gateway/gateway-fixture.ts"
import { type ServedEdge, serveEdge } from "./serve-edge.ts"

const run = promisify(execFile)
const secret = "a secret of this test alone, long enough"
const edgeFolder = fileURLToPath(new URL("../../../edge", import.meta.url))
const wrangler = fileURLToPath(import.meta.resolve("wrangler"))

describe("the built Worker on a server of one's own", () => {
  let folder: string
  let store: GatewayFixture
  let edge: ServedEdge

  const start = () =>
    serveEdge({
      ...{ host: "127.0.0.1", port: 0, bundle: join(folder, "bundle"), dataDir: join(folder, "data") },
      wranglerFile: join(edgeFolder, "wrangler.jsonc"),
      bindings: {
        UPSTASH_REDIS_REST_URL: store.gateway.url,
        UPSTASH_REDIS_REST_TOKEN: TOKEN,
        TRIBUTARY_SECRET: secret,
        ADMIN_TOKEN: "the-admin-token",
        BASE_URL: "https://tv.example",
      },
      onLog: () => undefined,
    })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "serve-edge-test-"))
    const words = ["deploy", "--dry-run", "--env", "production", "--outdir", join(folder, "bundle")]
    const environment = {
      ...process.env,
      WRANGLER_SEND_METRICS: "false",
      WRANGLER_LOG_PATH: join(folder, "log"),
    }
    await run(process.execPath, ["--no-warnings", wrangler, ...words], { cwd: edgeFolder, env: environment })
    store = await startFixture()
    edge = await start()
  }, 60_000)

  afterAll(async () => {
    await edge?.close()
    await store?.close()
    await rm(folder, { recursive: true, force: true })
  })

  it("answers for its store and its bucket, and serves the dashboard", async () => {
    const health = (await (await fetch(`${edge.url}/health`)).json()) as { failing: string[] }
    expect(health.failing).toEqual(["streamers"])
    const page = await fetch(edge.url)
    expect(page.headers.get("content-type")).toContain("text/html")
    expect(page.headers.get("content-security-policy")).toContain("nonce-")
    expect((await fetch(`${edge.url}/icon.svg`)).status).toBe(200)
  })

  it("does what the cron does, when told by its own process and by nobody else", async () => {
    const redis = new Redis({ url: store.gateway.url, token: TOKEN, automaticDeserialization: false })
    const longDead = JSON.stringify({
      ...{ address: "http://127.0.0.1:9", internalAddress: "http://127.0.0.1:9", region: "", viewers: 0 },
      ...{ maxViewers: null, streams: 0, draining: false, version: "0.1.0", at: 1 },
    })
    await redis.hset("streamers", { dead: longDead })
    expect((await fetch(`${edge.url}/cdn-cgi/handler/scheduled`)).status).toBe(404)
    expect(await redis.hlen("streamers")).toBe(1)
    await edge.runScheduled()
    expect(await redis.hlen("streamers")).toBe(0)
  })

  it("keeps the bucket's objects over a restart", async () => {
    const authorization = async () => {
      const keys = await deriveKeys(secret)
      return { authorization: await tierAuthorization(keys, "edge-internal", Date.now() / 1000) }
    }
    const path = `/internal/objects/${objects.manifest("one")}`
    const text = "what a streamer uploads"
    const put = await fetch(edge.url + path, { method: "PUT", headers: await authorization(), body: text })
    expect(put.ok).toBe(true)
    await edge.close()
    edge = await start()
    const got = await fetch(edge.url + path, { headers: await authorization() })
    expect(await got.text()).toBe(text)
  })
})
