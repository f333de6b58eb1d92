import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { openClient, type TestClient } from "./client-for-tests.ts"
import { smallChannels, temporaryFolder } from "./loop-for-tests.ts"
import { type DemoProvider, startDemoProvider } from "./start-demo-provider.ts"

// Rendering may have to wait for a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })

const clock = { ms: Date.UTC(2026, 0, 1) }
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let provider: DemoProvider
const clients: TestClient[] = []

beforeAll(async () => {
  folder = await temporaryFolder()
  provider = await startDemoProvider({
    dataDir: folder.path,
    channels: smallChannels,
    movieSeconds: 2,
    now: () => clock.ms,
  })
})
afterAll(async () => {
  await provider.close()
  await folder.remove()
})
beforeEach(() => {
  // In the middle of a group, so that each burst holds a second of stream.
  clock.ms = Date.UTC(2026, 0, 1) + 1000
})
afterEach(() => {
  provider.clearFaults()
  for (const client of clients.splice(0)) client.close()
})

async function play(path: string): Promise<TestClient> {
  const client = await openClient(provider.url + path)
  clients.push(client)
  return client
}

/** Moves the clock until the client has got more. */
async function more(client: TestClient, bytes = 1): Promise<Buffer> {
  const before = client.received().length
  clock.ms += 1000
  return (await client.atLeast(before + bytes)).subarray(before)
}

/** Lets another viewer of the channel get a second of stream: what the first did not get by then, it will not get. */
async function passSecond(): Promise<void> {
  const other = await play("/live/demo/demo/1.ts")
  await more(other, 20_000)
  other.close()
}

describe("faults of streams", () => {
  it("refuses with a reset before any answer, for the given number of requests", async () => {
    provider.setFault(1, { kind: "refuse", requests: 2 })
    await expect(play("/free/1.ts")).rejects.toThrow("ECONNRESET")
    await expect(play("/free/1.ts")).rejects.toThrow("ECONNRESET")
    expect((await play("/free/1.ts")).status).toBe(200)
  })

  it.each([404, 500])("answers %d", async (status) => {
    provider.setFault("*", { kind: "status", status })
    expect((await play("/free/2.ts")).status).toBe(status)
  })

  it("hangs, holding its slot", async () => {
    provider.setFault(1, { kind: "hang" })
    const hanging = openClient(`${provider.url}/live/demo/demo/1.ts`)
    const ended = expect(hanging).rejects.toThrow("hang up")
    while (!provider.connections().accounts.demo?.active) await new Promise((done) => setImmediate(done))
    provider.setSettings({ whenFull: "replace-oldest" })
    provider.clearFaults()
    expect((await play("/live/demo/demo/1.ts")).status).toBe(200)
    await ended
    provider.setSettings({ whenFull: 403 })
  })

  it("stalls after so many bytes, and goes on where it stopped when cleared", async () => {
    provider.setFault(1, { kind: "stall", afterBytes: 1000, account: "" })
    const client = await play("/free/1.ts")
    await client.atLeast(1000)
    await passSecond()
    expect(client.received().length).toBe(1000)
    provider.clearFaults()
    await more(client, 40_000)
  })

  it("stalls streams that run, and only when told to", async () => {
    const client = await play("/free/1.ts")
    await client.atLeast(20_000)
    provider.setFault(1, { kind: "stall" })
    await more(client, 10_000)
    provider.setFault(1, { kind: "stall", running: true, account: "" })
    const before = client.received().length
    await passSecond()
    expect(client.received().length).toBe(before)
    provider.clearFaults(1)
    const resumed = await more(client, 40_000)
    expect([resumed[0], resumed[188]]).toEqual([0x47, 0x47])
  })

  it("resets in mid-stream, right after the given byte", async () => {
    provider.setFault(1, { kind: "reset", afterBytes: 5000 })
    const client = await play("/free/1.ts")
    expect(await client.ended).toBe("broken")
    expect(client.received().length).toBeLessThanOrEqual(5000)
  })

  it("resets a running stream after the given time", async () => {
    const client = await play("/free/1.ts")
    await client.atLeast(188)
    provider.setFault(1, { kind: "reset", running: true, afterMs: 1500 })
    await more(client)
    clock.ms += 1000
    expect(await client.ended).toBe("broken")
  })

  it("ends cleanly", async () => {
    provider.setFault(1, { kind: "end", afterBytes: 2000 })
    const client = await play("/free/1.ts")
    expect([await client.ended, client.received().length]).toEqual(["end", 2000])
  })

  it("sends garbage, or a web page", async () => {
    provider.setFault(1, { kind: "garbage" })
    const client = await play("/free/1.ts")
    expect((await client.atLeast(10_000)).includes(0x47)).toBe(false)
    provider.setFault(1, { kind: "html" })
    const page = await play("/free/1.ts")
    await page.ended
    expect([page.status, page.headers["content-type"]]).toEqual([200, "text/html"])
    expect(page.received().toString()).toContain("<html>")
  })

  it("sends slowly, the stream itself being whole", async () => {
    provider.setFault(1, { kind: "slow", bytesPerSecond: 1880 })
    const client = await play("/free/1.ts")
    await client.atLeast(188)
    for (let n = 0; n < 5; n++) await more(client, 188 * 9)
    const all = client.received()
    expect(all.length).toBeLessThanOrEqual(188 * 52)
    for (let at = 0; at < all.length; at += 188) expect(all[at]).toBe(0x47)
  })
})

describe("faults of other answers", () => {
  const api = "/player_api.php?username=demo&password=demo"
  const list = "/get.php?username=demo&password=demo"

  it.each([
    ["api", api],
    ["m3u", list],
    ["m3u", "/playlist.m3u"],
    ["xmltv", "/xmltv.php"],
    ["9001", "/movie/demo/demo/9001.mp4"],
    ["1", "/live/demo/demo/1.m3u8"],
  ])("spoils %s at %s", async (target, path) => {
    provider.setFault(target, { kind: "refuse", requests: 1 })
    await expect(play(path)).rejects.toThrow("ECONNRESET")
    provider.setFault(target, { kind: "status", status: 502, requests: 1 })
    expect((await play(path)).status).toBe(502)
    provider.setFault(target, { kind: "end", afterBytes: 50, requests: 1 })
    const short = await play(path)
    expect([await short.ended, short.received().length]).toEqual(["broken", 50])
    provider.setFault(target, { kind: "reset", afterBytes: 50, requests: 1 })
    expect(await (await play(path)).ended).toBe("broken")
    provider.setFault(target, { kind: "garbage", requests: 1 })
    const garbage = await play(path)
    await garbage.ended
    expect(garbage.received().includes(0x47)).toBe(false)
    const whole = await play(path)
    expect([whole.status, await whole.ended]).toEqual([200, "end"])
  })

  it("stalls within an answer", async () => {
    provider.setFault("m3u", { kind: "stall", afterBytes: 50 })
    const client = await play(list)
    expect((await client.atLeast(50)).length).toBe(50)
    client.close()
  })
})
