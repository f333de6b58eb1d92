import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { getText, openClient } from "./client-for-tests.ts"
import { pastChannels, smallChannels, temporaryFolder } from "./loop-for-tests.ts"
import { type DemoProvider, startDemoProvider } from "./start-demo-provider.ts"
import { pcrOffset, readPcrBase, timestampModulus } from "./ts-packet.ts"

// Rendering may have to wait for a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })

const now = Date.UTC(2026, 5, 3, 12)
const start = now / 1000 - 7200
const ticksPerSecond = 90_000
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let provider: DemoProvider

beforeAll(async () => {
  folder = await temporaryFolder()
  const channels = [...smallChannels.slice(0, 1), ...pastChannels]
  const accounts = [
    { username: "demo", password: "demo", maxConnections: 1 },
    // Time does not pass here, so that its sessions do not end.
    { username: "hls", password: "hls", maxConnections: 9 },
  ]
  const options = { dataDir: folder.path, channels, accounts, movieSeconds: 2, now: () => now }
  provider = await startDemoProvider(options)
})
beforeEach(async () => {
  await vi.waitFor(() => expect(provider.account("demo")?.activeConnections).toBe(0))
  provider.setSettings({ timeshift: "both", timeZone: "Europe/Berlin", pastEndlist: true })
  provider.clearFaults()
  provider.resetCatchupRequests()
})
afterAll(async () => {
  await provider.close()
  await folder.remove()
})

const get = (path: string) => getText(new URL(path, provider.url).href)

/** The clocks of a stream, in seconds on the circle of 26 hours. */
function clocks(text: string): number[] {
  const bytes = Buffer.from(text, "latin1")
  const found: number[] = []
  for (let at = 0; at < bytes.length; at += 188) {
    const offset = pcrOffset(bytes, at)
    if (offset > 0) found.push(readPcrBase(bytes, at + offset) / ticksPerSecond)
  }
  return found
}

/** Where a stream begins and ends, in seconds from `start`. The loop's own first clock is a part of a second. */
function span(text: string): [number, number] {
  const on = (seconds: number) => seconds % (timestampModulus / ticksPerSecond)
  const [first = Number.NaN, last = Number.NaN] = [clocks(text)[0], clocks(text).at(-1)]
  return [first - on(start), last - on(start)]
}

function expectMinute(text: string): void {
  const [from, to] = span(text)
  // The key frame before: one comes every two seconds; segments are as long.
  expect(from).toBeGreaterThan(-2)
  expect(from).toBeLessThan(1.5)
  expect(to).toBeGreaterThan(58)
  expect(to).toBeLessThan(63)
}

describe("a channel's past", () => {
  // 10:00 in UTC is noon in Berlin.
  it.each([
    ["path", 11, "/timeshift/demo/demo/1/2026-06-03:12-00/11.ts"],
    [
      "query",
      11,
      "/streaming/timeshift.php?username=demo&password=demo&stream=11&start=2026-06-03:12-00&duration=1",
    ],
    ["append", 13, `/live/demo/demo/13.ts?begin=${start}&length=1`],
    ["default", 14, "/past/demo/demo/14/2026-06-03/12-00-00/60.ts"],
    ["archive", 15, `/fs/demo/demo/15/archive-${start}-60.ts`],
  ])("by %s is what the channel sent then", async (form, channel, path) => {
    const { status, text } = await get(path)
    expect(status).toBe(200)
    expectMinute(text)
    expect(provider.catchupRequests()).toEqual([{ channel, startUtc: start, seconds: 60, form }])
  })

  it.each([
    ["shift", 12, `/live/demo/demo/12.ts?utc=${now / 1000 - 60}&lutc=${now / 1000}`],
    ["timeshift_abs", 15, `/fs/demo/demo/15/timeshift_abs-${now / 1000 - 60}.ts`],
  ])("by %s goes on to the present", async (form, channel, path) => {
    expect(clocks((await get(path)).text).length).toBeGreaterThan(0)
    expect(provider.catchupRequests()).toEqual([{ channel, startUtc: now / 1000 - 60, seconds: 60, form }])
  })

  it("is a playlist of all its segments, complete or not saying so", async () => {
    const { text } = await get(`/fs/hls/hls/16/index-${start}-60.m3u8`)
    expect(text).toMatch(/#EXT-X-ENDLIST\n$/)
    const segments = text.split("\n").filter((line) => line.endsWith(".ts"))
    const bodies = await Promise.all(segments.map(async (path) => (await get(path)).text))
    expectMinute(bodies.join(""))
    provider.setSettings({ pastEndlist: false })
    expect((await get(`/fs/hls/hls/16/archive-${start}-60.m3u8`)).text).not.toContain("ENDLIST")
  })

  it("is asked for by the clock of the panel's zone", async () => {
    provider.setSettings({ timeZone: "Asia/Kolkata" })
    await get("/timeshift/demo/demo/1/2026-06-03:15-30/11.ts")
    expect(provider.catchupRequests()).toMatchObject([{ startUtc: start }])
  })

  it("is unknown where it is not kept, has not been, or the form is another panel's", async () => {
    const at = (time: string, id = 11) => `/timeshift/demo/demo/1/${time}/${id}.ts`
    for (const path of [
      at("2026-06-03:14-01"),
      at("2026-05-31:13-59"),
      at("2026-06-03:12-00", 1),
      at("noon"),
    ])
      expect((await get(path)).status).toBe(404)
    provider.setSettings({ timeshift: "query" })
    expect((await get(at("2026-06-03:12-00"))).status).toBe(404)
    expect((await get(at("2026-06-03:12-00").replace("/demo/demo/", "/demo/no/"))).status).toBe(404)
    expect(provider.catchupRequests()).toEqual([])
  })

  it("is a connection of the account, of a kind of its own", async () => {
    const path = `/fs/demo/demo/15/timeshift_abs-${start}.ts`
    const first = await openClient(provider.url + path)
    first.pause()
    expect((await get(path)).status).toBe(403)
    const held = provider.connections().open.filter(({ account }) => account === "demo")
    expect(held).toMatchObject([{ kind: "catchup", channel: "15" }])
    first.close()
    await first.ended
    expect((await get(path.replace("/demo/demo/", "/demo/no/"))).status).toBe(403)
  })

  it("breaks off where a fault says so", async () => {
    provider.setFault(15, { kind: "reset", afterBytes: 10_000, requests: 1 })
    const client = await openClient(`${provider.url}/fs/demo/demo/15/archive-${start}-60.ts`)
    expect(await client.ended).toBe("broken")
    expect(client.received().length).toBeLessThanOrEqual(10_000)
  })
})

describe("what says of it", () => {
  it("are the list and the panel", async () => {
    const { text } = await get("/get.php?username=demo&password=demo&type=m3u_plus&output=ts")
    const lines = text.split("\n")
    const said = pastChannels.map(({ name }) => {
      const at = lines.findIndex((line) => line.endsWith(`,${name}`))
      const of = (attribute: string) => new RegExp(`${attribute}="([^"]*)"`).exec(lines[at] ?? "")?.[1]
      return [
        of("catchup"),
        of("catchup-days"),
        of("catchup-source"),
        lines[at + 1]?.replace(provider.url, ""),
      ]
    })
    const { url } = provider
    expect(said).toEqual([
      ["xc", "3", undefined, "/live/demo/demo/11.ts"],
      ["shift", "3", "?utc={utc}&lutc={lutc}", "/live/demo/demo/12.ts"],
      ["append", "3", "?begin={utc}&length={duration:60}", "/live/demo/demo/13.ts"],
      [
        "default",
        "3",
        `${url}/past/demo/demo/14/{Y}-{m}-{d}/\${start:H-M-S}/{duration}.ts`,
        "/live/demo/demo/14.ts",
      ],
      ["flussonic", "3", undefined, "/fs/demo/demo/15/mpegts"],
      ["flussonic-hls", "3", undefined, "/fs/demo/demo/16/index.m3u8"],
    ])
    const streams = JSON.parse(
      (await get("/player_api.php?username=demo&password=demo&action=get_live_streams")).text,
    )
    const archives = streams.map((stream: Record<string, unknown>) => [
      stream.tv_archive,
      stream.tv_archive_duration,
    ])
    expect(archives).toEqual([[0, 0], ...pastChannels.map(() => [1, 3])])
  })

  it("are live addresses that play", async () => {
    expect((await get("/fs/hls/hls/16/index.m3u8")).text).toContain("#EXTINF")
    const live = await openClient(`${provider.url}/fs/demo/demo/15/mpegts`)
    expect(live.status).toBe(200)
    live.close()
  })
})
