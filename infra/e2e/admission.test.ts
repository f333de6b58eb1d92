import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createClient } from "@redis/client"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { DemoProvider } from "../local/demo-provider/start-demo-provider.ts"
import { openPlayer, type Player } from "./player/play.ts"
import { writeConfig } from "./system/config.ts"
import { startTestProvider } from "./system/demo.ts"
import { eventually } from "./system/eventually.ts"
import { entryNamed, fetchPlaylist, type PlaylistEntry } from "./system/playlist.ts"
import { type System, startSystem } from "./system/start-system.ts"

const adminToken = "e2e-admin-token"
const news = "Tributary News HD"
const cinema = "Fractal Cinema"
let provider: DemoProvider
let system: System
let folder: string
let entries: PlaylistEntry[]
const players: Player[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tributary-admission-"))
  provider = await startTestProvider({
    accounts: [
      { username: "one", password: "s3cret-pw", maxConnections: 1 },
      { username: "two", password: "s3cret-too", maxConnections: 1 },
    ],
  })
  const config = await writeConfig(folder, {
    sources: [{ id: "acme", type: "xtream", url: provider.url, username: "one", password: "s3cret-pw" }],
    viewers: [
      { username: "ann", password: "a" },
      { username: "ben", password: "b" },
    ],
  })
  system = await startSystem({
    environment: { CONFIG_FILE: config, ADMIN_TOKEN: adminToken, POOL_GRACE: "2s" },
  })
  entries = await fetchPlaylist(`${system.baseUrl}/playlist.m3u8?username=ann&password=a`)
}, 180_000)

afterAll(async () => {
  await system?.close()
  await provider?.close()
  await rm(folder, { recursive: true, force: true })
})

beforeEach(async () => {
  await eventually(
    () => provider.connections().open.length,
    (open) => open === 0,
    20_000,
  )
  provider.resetPeak()
})
afterEach(async () => {
  for (const player of players.splice(0)) await player.close()
})

const link = (name: string, viewer: "ann" | "ben" = "ann") =>
  entryNamed(entries, name).url.replace("username=ann&password=a", `username=${viewer}&password=${viewer[0]}`)
const account = (username: string) =>
  provider.connections().accounts[username] ?? { active: 0, peak: 0, opened: 0, refused: 0 }

async function watch(url: string): Promise<Player> {
  const player = openPlayer(url)
  players.push(player)
  await player.waitFor((report) => report.packets > 100 || report.ended !== null, 10_000)
  expect(player.report()).toMatchObject({ status: 200, ended: null, startsOnKeyframe: true })
  return player
}

const refusalOf = async (url: string) => {
  const response = await fetch(url, { redirect: "manual" })
  const { error } = (await response.json()) as { error: { code: string } }
  return [response.status, error.code]
}

async function api(path: string, method = "GET", json?: unknown) {
  const response = await fetch(`${system.baseUrl}/api${path}`, {
    method,
    headers: { authorization: `Bearer ${adminToken}`, "content-type": "application/json" },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

describe("an account of one connection", () => {
  it("zaps without an error, although no player leaves its channel before it asks for the next", async () => {
    let before = await watch(link(news))
    for (let zap = 0; zap < 8; zap++) {
      const next = await watch(link(zap % 2 === 0 ? cinema : news))
      expect((await before.ended).ended).toMatch(/end|error/)
      before = next
    }
    expect(account("one")).toMatchObject({ active: 1, peak: 1, opened: 9, refused: 0 })
  }, 60_000)

  it("is one viewer's as long as they watch", async () => {
    const first = await watch(link(news))
    expect(await refusalOf(link(cinema, "ben"))).toEqual([503, "no_capacity"])
    expect(first.report().ended).toBeNull()
  }, 30_000)

  it("plays the next channel of whoever comes, as soon as nobody watches the first", async () => {
    const first = await watch(link(news))
    await first.close()
    await eventually(
      async () => (await fetch(link(cinema, "ben"), { method: "HEAD", redirect: "manual" })).status,
      (status) => status === 302,
      2_000,
    )
    await watch(link(cinema, "ben"))
    expect(account("one")).toMatchObject({ active: 1, peak: 1, refused: 0 })
  }, 30_000)
})

describe("provider profiles", () => {
  const second = { name: "Second", username: "two", password: "not-it" }

  it("are added, tested, corrected, and then used when the first is full", async () => {
    const made = await api("/sources/acme/profiles", "POST", { ...second, priority: 1 })
    expect(made.status).toBe(201)
    const path = `/sources/acme/profiles/${String(made.body.id)}`
    expect(JSON.stringify(made.body)).not.toContain("not-it")
    expect((await api(`${path}/test`, "POST")).body).toMatchObject({ ok: false, status: "wrong_password" })
    expect((await api(path, "PATCH", { password: "s3cret-too" })).status).toBe(200)
    expect((await api(`${path}/test`, "POST")).body).toMatchObject({
      ok: true,
      status: "active",
      maxConnections: 1,
      activeConnections: 0,
    })
    await watch(link(news))
    await watch(link(cinema, "ben"))
    expect([account("one").active, account("two").active]).toEqual([1, 1])
    expect((await api("/sources/acme/pool")).body).toMatchObject({
      active: 2,
      total: 2,
      available: 0,
      profiles: [
        { id: "primary", primary: true, active: 1, max: 1 },
        { name: "Second", primary: false, active: 1, max: 1, priority: 1 },
      ],
    })
  }, 60_000)

  it("give room to whoever uses the account elsewhere", async () => {
    const stranger = openPlayer(`${provider.url}/live/one/s3cret-pw/${provider.channels[0]?.id}.ts`)
    players.push(stranger)
    await stranger.firstByte
    const test = await api("/sources/acme/profiles/primary/test", "POST")
    expect(test.body).toMatchObject({ ok: true, maxConnections: 1, activeConnections: 1 })
    // It might be the one that ended here a moment ago; when that is certain not to be so, it counts.
    const { body } = await eventually(
      () => api("/sources/acme/pool"),
      (pool) => pool.body.available === 1,
      20_000,
    )
    expect(body).toMatchObject({
      active: 0,
      profiles: [
        { id: "primary", elsewhere: 1, available: 0 },
        { elsewhere: 0, available: 1 },
      ],
    })
    await watch(link(cinema))
    expect(account("one").refused).toBe(0)
    expect(account("two").active).toBe(1)
    await stranger.close()
    await api("/sources/acme/profiles/primary/test", "POST")
    await watch(link(news, "ben"))
    expect(account("one")).toMatchObject({ active: 1, refused: 0 })
  }, 60_000)

  it("that are full at the provider, unknown to us, are passed over without the viewer noticing", async () => {
    const stranger = openPlayer(`${provider.url}/live/one/s3cret-pw/${provider.channels[0]?.id}.ts`)
    players.push(stranger)
    await stranger.firstByte
    await watch(link(cinema))
    expect(account("one").refused).toBeGreaterThan(0)
    expect(account("two").active).toBe(1)
    await stranger.close()
    // The provider is asked, and has room again.
    await eventually(
      async () => (await api("/sources/acme/pool")).body.profiles as { reason: string | null }[],
      ([primary]) => primary?.reason === null,
      20_000,
    )
  }, 60_000)

  it("are not used when their provider says that they are over", async () => {
    provider.setAccount("one", { status: "Expired" })
    expect((await api("/sources/acme/profiles/primary/test", "POST")).body).toMatchObject({
      ok: false,
      status: "expired",
    })
    await watch(link(cinema))
    expect([account("one").opened, account("two").active]).toEqual([0, 1])
    provider.setAccount("one", { status: "Active" })
    expect((await api("/sources/acme/profiles/primary/test", "POST")).body).toMatchObject({ ok: true })
  }, 60_000)

  it("and sources show no secret", async () => {
    const shown = JSON.stringify([
      (await api("/sources")).body,
      (await api("/sources/acme/profiles")).body,
      (await api("/sources/acme/pool")).body,
      system.logs,
    ])
    for (const secret of ["s3cret-pw", "s3cret-too", "not-it"]) expect(shown).not.toContain(secret)
  })
})

describe("a store that is away for longer than leases last", () => {
  it("refuses new requests within two seconds, and takes nothing from who watches", async () => {
    const player = await watch(link(news))
    const [redis] = await system.processes("redis-server")
    process.kill(redis ?? 0, "SIGSTOP")
    try {
      const from = performance.now()
      expect(await refusalOf(link(cinema, "ben"))).toEqual([503, "store_unavailable"])
      expect(performance.now() - from).toBeLessThan(2_000)
      const { mediaSeconds } = player.report()
      await player.waitFor((report) => report.mediaSeconds > mediaSeconds + 18, 30_000)
    } finally {
      process.kill(redis ?? 0, "SIGCONT")
    }
    // Two accounts, of which the viewer still holds one.
    await eventually(
      async () => (await fetch(link(cinema, "ben"), { method: "HEAD", redirect: "manual" })).status,
      (status) => status === 302,
      15_000,
    )
    await watch(link(cinema, "ben"))
    expect((await api("/sources/acme/pool")).body).toMatchObject({ active: 2, available: 0 })
    const { mediaSeconds } = player.report()
    await player.waitFor((report) => report.mediaSeconds > mediaSeconds + 6, 15_000)
    expect(player.report()).toMatchObject({ ended: null, ccErrors: 0, pcrJumps: 0 })
    expect(account("one")).toMatchObject({ active: 1, peak: 1, opened: 1 })
  }, 120_000)
})

describe("a store that has lost its data", () => {
  it("is given back within one heartbeat what streamers hold and know, and no viewer notices", async () => {
    const player = await watch(link(news))
    const redis = createClient({ url: `redis://127.0.0.1:${system.ports.redis}` })
    await redis.connect()
    try {
      const held = await redis.zRange("source:acme:leases", 0, -1)
      expect(held).toHaveLength(1)
      await redis.flushAll()
      await eventually(
        () => redis.zRange("source:acme:leases", 0, -1),
        (leases) => leases.length > 0,
        6_000,
      )
      expect(await redis.zRange("source:acme:leases", 0, -1)).toEqual(held)
      expect(await redis.zCard("viewer:ann:sessions")).toBe(1)
    } finally {
      await redis.close()
    }
    const { mediaSeconds } = player.report()
    await player.waitFor((report) => report.mediaSeconds > mediaSeconds + 6, 15_000)
    expect(player.report()).toMatchObject({ ended: null, ccErrors: 0 })
    // Its slot is still taken, and the other account is there for somebody else.
    await watch(link(cinema, "ben"))
    expect(account("one")).toMatchObject({ active: 1, opened: 1 })
    expect(account("two")).toMatchObject({ active: 1, opened: 1 })
    expect((await api("/sources/acme/pool")).body).toMatchObject({ active: 2, available: 0 })
  }, 60_000)
})
