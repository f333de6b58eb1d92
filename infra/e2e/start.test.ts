import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { createServer, type Server } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { play } from "./player/play.ts"
import { writeConfig } from "./system/config.ts"
import { eventually } from "./system/eventually.ts"
import { entryNamed, fetchPlaylist } from "./system/playlist.ts"
import { StartFailed, type System, startSystem } from "./system/start-system.ts"

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tributary-start-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** The one line with which a start that must fail ends. */
async function lineOf(environment: Record<string, string>): Promise<string> {
  const outcome = await startSystem({ environment }).catch((error: unknown) => error)
  if (!(outcome instanceof StartFailed)) {
    await (outcome as System).close()
    throw new Error("the start did not fail")
  }
  expect(outcome.code).toBe(1)
  expect(outcome.lines).toHaveLength(1)
  return outcome.lines[0] ?? ""
}

describe("a wrong setting ends the start with one line that names it", () => {
  const source = { id: "a", type: "m3u", url: "http://127.0.0.1/" }

  it.each([
    [{ SOURCES: "not-a-url" }, /SOURCES entry 1: "not-a-url"/],
    [{ SOURCES: "http://127.0.0.1/a.m3u,ftp://127.0.0.1/b" }, /SOURCES entry 2: "ftp:/],
    [{ SOURCES: "http://127.0.0.1/a.m3u|many" }, /SOURCES entry 1: "many"/],
    [{ POOL_GRACE: "soon" }, /POOL_GRACE: "soon" is not a duration/],
    [{ PORT: "eighty" }, /PORT: must be a port number/],
    [{ STREAMERS: "0" }, /STREAMERS: must be at least 1/],
    [{ BASE_URL: "localhost" }, /BASE_URL: must be an http/],
    [{ UPSTASH_REDIS_REST_URL: "http://127.0.0.1:1" }, /UPSTASH_REDIS_REST_TOKEN go together/],
    [{ CONFIG_FILE: "/does/not/exist.json" }, /CONFIG_FILE: \/does\/not\/exist\.json cannot be read/],
  ])("%o", async (environment, expected) => {
    expect(await lineOf(environment as unknown as Record<string, string>)).toMatch(expected)
  })

  it.each([
    ['{"sources": [', /config\.json is not valid JSON/],
    [{ sources: [{ ...source, url: "nowhere" }] }, /sources\[0\]\.url: must be an http/],
    [{ sources: [{ ...source, colour: "red" }] }, /sources\[0\]\.colour: unknown key/],
    [{ sources: [source, source] }, /sources\[1\]\.id: "a" is a duplicate/],
    [{ sources: [{ ...source, maxStreams: "2" }] }, /sources\[0\]\.maxStreams: .*number/],
    [{ sources: [{ ...source, type: "xtream" }] }, /sources\[0\]\.username: .*an xtream source needs it/],
    [{ settings: { poolGrace: "long" } }, /settings\.poolGrace: "long" is not a duration/],
    [{ settings: { speed: 1 } }, /settings\.speed: unknown key/],
  ])("CONFIG_FILE %j", async (config, expected) => {
    expect(await lineOf({ CONFIG_FILE: await writeConfig(folder, config) })).toMatch(expected)
  })

  describe("a port in use", () => {
    let server: Server
    let port: string
    beforeAll(async () => {
      server = createServer()
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
      const address = server.address()
      port = String(address !== null && typeof address === "object" ? address.port : 0)
    })
    afterAll(() => new Promise((resolve) => server.close(resolve)))

    it.each(["PORT", "STREAMER_PORT", "REDIS_PORT", "GATEWAY_PORT", "DEMO_PORT"])(
      "%s",
      async (name) => {
        const line = await lineOf({ [name]: port })
        expect(line).toContain(name)
        expect(line).toContain(`port ${port}`)
      },
      60_000,
    )
  })

  it("a data directory that cannot be made", async () => {
    const file = join(folder, "a-file")
    await writeFile(file, "")
    expect(await lineOf({ DATA_DIR: join(file, "data") })).toMatch(/DATA_DIR: .*a-file\/data/)
  })
})

describe("with nothing configured", () => {
  let system: System
  let dataDir: string
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "tributary-fresh-"))
    system = await startSystem({ dataDir })
  }, 180_000)
  afterAll(async () => {
    await system?.close()
    await rm(dataDir, { recursive: true, force: true })
  })

  it("shows a playlist whose channels play, a dashboard and a healthy system", async () => {
    const entries = await fetchPlaylist(system.playlistUrl)
    expect(entries.length).toBeGreaterThanOrEqual(6)
    const report = await play(entryNamed(entries, "Tributary News HD").url, { seconds: 2 })
    expect(report).toMatchObject({ status: 200, aligned: true, startsOnKeyframe: true, ccErrors: 0 })
    const page = await fetch(`${system.baseUrl}/`)
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"])
    const health = (await (await fetch(`${system.baseUrl}/health`)).json()) as { status: string }
    expect(health.status).toBe("ok")
    expect(system.adminToken).toMatch(/^\S{16,}$/)
  }, 30_000)

  it("runs the edge's cron in workerd", async () => {
    const answer = await fetch(`http://127.0.0.1:${system.ports.edge}/cdn-cgi/handler/scheduled`)
    expect(answer.status).toBe(200)
  })

  it("shows nobody the local pages of the development server", async () => {
    for (const path of ["explorer", "explorer/api", "local/explorer", "local/explorer/api/r2/buckets"]) {
      const answer = await fetch(`http://127.0.0.1:${system.ports.edge}/cdn-cgi/${path}`)
      expect([path, answer.status]).toEqual([path, 404])
    }
  })

  it("restarts parts that die, with their state", async () => {
    for (const part of ["redis-server", "gateway/main.ts", "wrangler"]) {
      const before = await system.processes(part)
      expect(before.length).toBeGreaterThan(0)
      for (const id of before) process.kill(id, "SIGKILL")
      const isNew = (ids: number[]) => ids.length > 0 && !ids.some((id) => before.includes(id))
      await eventually(() => system.processes(part), isNew, 20_000)
      const answer = () =>
        fetch(system.playlistUrl, { signal: AbortSignal.timeout(3_000) }).then(
          async (response) => [response.status, (await response.text()).split("#EXTINF").length > 6],
          () => null,
        )
      await eventually(answer, (value) => value?.[0] === 200 && value[1] === true, 20_000)
    }
  }, 90_000)

  it("keeps viewer, admin token and playlist over a restart that is ready within 15 s", async () => {
    const before = { playlist: await fetchPlaylist(system.playlistUrl), token: system.adminToken }
    const login = new URL(system.playlistUrl).search
    const { milliseconds } = await system.stop("SIGINT")
    expect(milliseconds).toBeLessThan(5_000)
    expect(await system.processes("")).toEqual([])
    const from = performance.now()
    system = await startSystem({ dataDir })
    expect(performance.now() - from).toBeLessThan(15_000)
    expect(new URL(system.playlistUrl).search).toBe(login)
    expect(system.adminToken).toBe(before.token)
    const path = (url: string) => new URL(url).pathname
    const after = await fetchPlaylist(system.playlistUrl)
    expect(after.map(({ name, url }) => [name, path(url)])).toEqual(
      before.playlist.map(({ name, url }) => [name, path(url)]),
    )
  }, 60_000)

  it.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)(
    "%s to npm leaves no process",
    async (signal) => {
      const own = await mkdtemp(join(dataDir, "stop-"))
      const current = await startSystem({
        dataDir: own,
        environment: { SOURCES: "http://127.0.0.1:9/never.m3u" },
      })
      const left = () => current.processes("")
      expect((await left()).length).toBeGreaterThan(4)
      const { milliseconds } = await current.stop(signal)
      expect(milliseconds).toBeLessThan(5_000)
      // A killed npm waits for nobody: the supervisor notices that it is gone.
      if (signal === "SIGKILL") await eventually(left, (ids) => ids.length === 0, 5_000)
      expect(await left()).toEqual([])
    },
    60_000,
  )
})
