import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { openClient, type TestClient } from "./client-for-tests.ts"
import { smallChannels, temporaryFolder } from "./loop-for-tests.ts"
import { type DemoProvider, startDemoProvider } from "./start-demo-provider.ts"

// Rendering may have to wait for a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })

// In the middle of a group, so that each burst holds a second of stream.
const clock = { ms: 0 }
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let provider: DemoProvider
const clients: TestClient[] = []

beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())
beforeEach(async () => {
  clock.ms = Date.UTC(2026, 0, 1) + 1000
  const accounts = [
    { username: "demo", password: "demo" },
    { username: "two", password: "secret", maxConnections: 2 },
  ]
  // The clock moves only by hand, so a stream sends its burst and then what a test's step brings.
  provider = await startDemoProvider({
    dataDir: folder.path,
    channels: smallChannels,
    movieSeconds: 2,
    accounts,
    now: () => clock.ms,
  })
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  await provider.close()
})

async function play(path: string, method = "GET"): Promise<TestClient> {
  const client = await openClient(provider.url + path, { method })
  clients.push(client)
  return client
}

/** Resolves when the provider has no open connection; it hears of a close by the event loop. */
async function idle(username = "demo"): Promise<void> {
  while (provider.connections().accounts[username]?.active) await new Promise((done) => setImmediate(done))
}

const tally = (username = "demo") => provider.connections().accounts[username]

describe("live streams", () => {
  it.each(["/live/demo/demo/1.ts", "/live/demo/demo/1", "/demo/demo/1", "/demo/demo/1.ts", "/free/1.ts"])(
    "starts %s with tables on a packet boundary, then follows the clock",
    async (path) => {
      const client = await play(path)
      expect([client.status, client.headers["content-type"]]).toEqual([200, "video/mp2t"])
      const burst = await client.atLeast(188 * 3)
      expect([burst[0], burst[188], burst[1]]).toEqual([0x47, 0x47, 0x40])
      const before = client.received().length
      clock.ms += 1000
      await client.atLeast(before + 20_000)
    },
  )

  it("starts where it is told to, per channel", async () => {
    provider.setSettings({ startAt: "packet", startAtByChannel: { 2: "mid-packet" } })
    const [whole, cut] = [await play("/free/1.ts"), await play("/free/2.ts")]
    const [first, second] = [await whole.atLeast(400), await cut.atLeast(400)]
    expect([first[0], first[188], (first.readUInt16BE(1) & 0x1fff) >= 256]).toEqual([0x47, 0x47, true])
    expect([second[0] === 0x47, second[88], second[88 + 188]]).toEqual([false, 0x47, 0x47])
  })

  it("answers HEAD without opening a connection", async () => {
    expect((await play("/live/demo/demo/1.ts", "HEAD")).headers["content-type"]).toBe("video/mp2t")
    expect(tally()).toBeUndefined()
  })

  it("redirects with a token that works in the place of credentials", async () => {
    provider.setSettings({ redirect: true })
    const redirect = await play("/live/demo/demo/1.ts")
    expect(redirect.status).toBe(302)
    expect(redirect.headers.location).not.toContain("demo")
    const client = await play(redirect.headers.location ?? "")
    expect((await client.atLeast(188))[0]).toBe(0x47)
    expect(provider.connections().open.map(({ account }) => account)).toEqual(["demo"])
    expect((await play("/play/wrong/1.ts")).status).toBe(403)
  })

  it("drops a client that does not read, and goes on with the others", async () => {
    // Loopback sockets hold some MB, so the stream has to run for a while before the bound is reached.
    provider.setSettings({ maxUnreadBytes: 65_536 })
    const [reader, sleeper] = [await play("/free/1.ts"), await play("/free/1.ts")]
    sleeper.pause()
    while ((tally("")?.active ?? 0) > 1) {
      const before = reader.received().length
      // Less than the bound at once: a reader that a busy machine keeps waiting is not to be dropped for it.
      clock.ms += 2_000
      await reader.atLeast(before + 40_000)
    }
    const before = reader.received().length
    clock.ms += 1000
    await reader.atLeast(before + 20_000)
  })
})

describe("accounts", () => {
  it("refuses wrong credentials, unknown channels and accounts that are over", async () => {
    expect((await play("/live/demo/wrong/1.ts")).status).toBe(403)
    expect((await play("/live/nobody/demo/1.ts")).status).toBe(403)
    expect((await play("/live/demo/demo/99.ts")).status).toBe(404)
    provider.setAccount("demo", { expiresAt: clock.ms / 1000 })
    expect((await play("/live/demo/demo/1.ts")).status).toBe(403)
    provider.setAccount("demo", { expiresAt: null, status: "Banned" })
    expect((await play("/live/demo/demo/1.ts")).status).toBe(403)
  })

  it("gives one slot to exactly one of 200 requests at once", async () => {
    const all = await Promise.all(Array.from({ length: 200 }, () => play("/live/demo/demo/1.ts")))
    expect(all.filter(({ status }) => status === 200).length).toBe(1)
    expect(all.filter(({ status }) => status === 403).length).toBe(199)
    expect(tally()).toEqual({ active: 1, peak: 1, opened: 1, refused: 199 })
  })

  it("has the slot free when the client has gone, and obeys a changed limit", async () => {
    const first = await play("/live/demo/demo/1.ts")
    expect((await play("/live/demo/demo/2.ts")).status).toBe(403)
    first.close()
    await idle()
    expect((await play("/live/demo/demo/2.ts")).status).toBe(200)
    provider.setAccount("demo", { maxConnections: 2 })
    expect((await play("/live/demo/demo/2.ts")).status).toBe(200)
    expect(tally()?.peak).toBe(2)
  })

  it("keeps the slot for the release lag", async () => {
    provider.setSettings({ releaseLagMs: 3000 })
    const first = await play("/live/demo/demo/1.ts")
    first.close()
    await idle()
    expect((await play("/live/demo/demo/1.ts")).status).toBe(403)
    expect(provider.account("demo")?.activeConnections).toBe(1)
    clock.ms += 3000
    expect((await play("/live/demo/demo/1.ts")).status).toBe(200)
  })

  it.each([458, 503, 509] as const)("answers %d with an empty body when full", async (whenFull) => {
    provider.setSettings({ whenFull })
    await play("/live/demo/demo/1.ts")
    const refused = await play("/live/demo/demo/1.ts")
    expect([refused.status, await refused.ended, refused.received().length]).toEqual([whenFull, "end", 0])
  })

  it("accepts and closes when full", async () => {
    provider.setSettings({ whenFull: "accept-then-close" })
    await play("/live/demo/demo/1.ts")
    const refused = await play("/live/demo/demo/1.ts")
    expect([refused.status, await refused.ended, refused.received().length]).toEqual([200, "end", 0])
    expect(tally()).toMatchObject({ active: 1, peak: 1, refused: 1 })
  })

  it("ends the oldest for the newest, never having both", async () => {
    provider.setSettings({ whenFull: "replace-oldest" })
    const oldest = await play("/live/two/secret/1.ts")
    await play("/live/two/secret/1.ts")
    expect((await play("/live/two/secret/2.ts")).status).toBe(200)
    await oldest.ended
    expect(tally("two")).toEqual({ active: 2, peak: 2, opened: 3, refused: 0 })
  })

  it("counts an HLS session as one connection until it is idle", async () => {
    for (let n = 0; n < 3; n++) expect((await play("/live/demo/demo/1.m3u8")).status).toBe(200)
    expect(tally()).toMatchObject({ active: 1, opened: 1 })
    expect((await play("/live/demo/demo/2.ts")).status).toBe(403)
    clock.ms += 9001
    expect((await play("/live/demo/demo/2.ts")).status).toBe(200)
    expect(tally()).toMatchObject({ active: 1, peak: 1, opened: 2 })
  })
})

describe("closing", () => {
  it("ends every connection, twice if need be", async () => {
    const client = await play("/free/1.ts")
    await Promise.all([provider.close(), provider.close()])
    await client.ended
    await expect(openClient(`${provider.url}/playlist.m3u`)).rejects.toThrow("ECONNREFUSED")
  })
})
