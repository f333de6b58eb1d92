import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { sourceSchema } from "@tributary/shared/config/config-file"
import { deriveKeys } from "@tributary/shared/secrets/keys"
import { keys as storeKeys } from "@tributary/shared/store/keys"
import { replaceSettings, saveSources } from "@tributary/shared/store/save-config"
import { saveTranscodeProfiles } from "@tributary/shared/store/transcode-profiles"
import { transcodeProfileSchema } from "@tributary/shared/transcode/profile-config"
import { Redis } from "@upstash/redis"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { startGateway } from "../../../infra/local/gateway/start-gateway.ts"
import { startRedis } from "../../../infra/local/redis/start-redis.ts"
import { ConfigDirectory } from "./config-directory.ts"

const secretKeys = await deriveKeys("0123456789abcdef0123456789abcdef")
let dataDir: string
let server: Awaited<ReturnType<typeof startRedis>>
let gateway: Awaited<ReturnType<typeof startGateway>>
let redis: Redis

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "config-directory-test-"))
  server = await startRedis({ port: 0, dataDir })
  gateway = await startGateway({ port: 0, redisPort: server.port, token: "token" })
  redis = new Redis({
    url: gateway.url,
    token: gateway.token,
    automaticDeserialization: false,
    enableTelemetry: false,
  })
})
afterAll(async () => {
  await gateway?.close()
  await server?.close()
  await rm(dataDir, { recursive: true, force: true })
})
beforeEach(async () => {
  await redis.flushall()
})

const save = (...ids: string[]) =>
  saveSources(
    redis,
    secretKeys,
    ids.map((id, order) =>
      sourceSchema.parse({
        id,
        type: "xtream",
        url: `http://${id}.test`,
        username: "u",
        password: `p-${id}`,
        order,
      }),
    ),
    "file",
    { replace: true },
  )
const version = async () => String(await redis.get(storeKeys.configVersion))

describe("the directory of the config", () => {
  it("has the sources in their order, with their secrets, and the settings", async () => {
    await save("b", "a")
    await replaceSettings(redis, { groupBy: "tvg-id" })
    const directory = await ConfigDirectory.open(redis, secretKeys)
    expect([...directory.sources.keys()]).toEqual(["b", "a"])
    expect(directory.sources.get("a")?.secret).toEqual({
      url: "http://a.test",
      logins: { primary: { url: null, username: "u", password: "p-a" } },
    })
    expect(directory.settings.groupBy).toBe("tvg-id")
  })

  it("follows a version that it has not read, and only such", async () => {
    await save("a")
    const directory = await ConfigDirectory.open(redis, secretKeys)
    await directory.follow(await version())
    await redis.hdel(storeKeys.sources, "a")
    await directory.follow(await version())
    expect(directory.sources.has("a")).toBe(true)
    await save("b")
    await directory.follow(await version())
    expect([...directory.sources.keys()]).toEqual(["b"])
  })

  it("reads again for a source that it does not know, and whenever it is told to", async () => {
    const directory = await ConfigDirectory.open(redis, secretKeys)
    await save("new")
    expect((await directory.source("new"))?.secret.url).toBe("http://new.test")
    expect(await directory.source("none")).toBeUndefined()
    await save("other")
    await directory.refresh()
    expect([...directory.sources.keys()]).toEqual(["other"])
  })

  it("has the transcode profiles, and reads again for one that it does not know", async () => {
    const directory = await ConfigDirectory.open(redis, secretKeys)
    expect(await directory.transcodeProfile("480p")).toMatchObject({ recipe: { video: { height: 480 } } })
    const sd = transcodeProfileSchema.parse({ id: "sd", arguments: "-c copy" })
    await saveTranscodeProfiles(redis, [sd], "file", { replace: true })
    const recipe = { kind: "arguments", words: ["-c", "copy"] }
    expect(await directory.transcodeProfile("sd")).toEqual({ id: "sd", name: "sd", output: "mpegts", recipe })
    expect(await directory.transcodeProfile("none")).toBeUndefined()
  })

  it("keeps what it has when the store holds what it cannot read", async () => {
    await save("a")
    const directory = await ConfigDirectory.open(redis, secretKeys)
    await redis.hset(storeKeys.settings, { groupBy: JSON.stringify("nonsense") })
    await expect(directory.refresh()).rejects.toThrow()
    expect(directory.sources.has("a")).toBe(true)
    await expect(ConfigDirectory.open(redis, secretKeys)).rejects.toThrow()
  })
})
