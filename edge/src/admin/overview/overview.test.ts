import { type Overview, overviewSchema } from "@tributary/shared/admin-api/overview"
import { feedFailed } from "@tributary/shared/lease/feed-health"
import { keys } from "@tributary/shared/store/keys"
import { beforeEach, describe, expect, it } from "vitest"
import { errorCode, publishChannels, startAfresh } from "../../test-support/edge-under-test.ts"
import { addSources, forgetCalls, redis, registerStreamer, run, setStore } from "../../test-support/store.ts"
import { askAsAdmin } from "../admin-fixture.ts"
import { askJson, setAnswer } from "../streamers/streamers-fixture.ts"

const at = Date.UTC(2026, 0, 2)
const traffic = (viewers: number) => ({
  now: { streams: 1, viewers, bitsPerSecondIn: 1_000, bitsPerSecondOut: 2_000 },
  ...{ stepSeconds: 10, points: [{ at, bytesPerSecondIn: 5, bytesPerSecondOut: 6, viewers, streams: 1 }] },
})
const login = { username: "ann", password: "s3cret" }

beforeEach(async () => {
  await startAfresh()
  await forgetCalls()
})

async function overview(): Promise<Overview> {
  const { status, body } = await askJson<Overview>("/overview")
  expect(status).toBe(200)
  expect(overviewSchema.parse(body)).toEqual(body)
  return body
}

describe("GET /api/overview", () => {
  it("shows an installation where nothing is yet", async () => {
    expect(await overview()).toEqual({
      now: { streams: 0, viewers: 0, bitsPerSecondIn: 0, bitsPerSecondOut: 0 },
      traffic: { stepSeconds: 10, points: [] },
      ...{ pools: [], failingFeeds: [], streamersByRegion: [], imports: { running: 0, failed: 0 } },
      unanswered: [],
    })
  })

  it("adds up what streamers carry, and names those that are missing", async () => {
    await registerStreamer("one", { viewers: 2 })
    await registerStreamer("two", { viewers: 3 })
    await registerStreamer("far", { region: "US", viewers: 1 })
    await setAnswer("one", "GET /traffic", traffic(2))
    await setAnswer("two", "GET /traffic", traffic(3))
    await setAnswer("far", "GET /traffic", null)
    const body = await overview()
    expect(body).toMatchObject({
      now: { streams: 2, viewers: 5, bitsPerSecondIn: 2_000, bitsPerSecondOut: 4_000 },
      traffic: {
        stepSeconds: 10,
        points: [{ at, bytesPerSecondIn: 10, bytesPerSecondOut: 12, viewers: 5, streams: 2 }],
      },
      streamersByRegion: [
        { region: "EU", streamers: 2, viewers: 5 },
        { region: "US", streamers: 1, viewers: 1 },
      ],
      unanswered: ["far"],
    })
  })

  it("shows how full each source is, in their order", async () => {
    await addSources(
      {
        id: "b",
        name: "Acme",
        type: "xtream",
        url: "http://panel.example",
        ...login,
        maxStreams: 2,
        order: 2,
      },
      { id: "a", type: "m3u", url: "https://list.example/x", order: 1, enabled: false },
    )
    await redis.zadd(keys.leases("b"), { score: 9e12, member: "primary/100000001/lease" })
    const { pools } = await overview()
    expect(pools).toMatchObject([
      { source: "a", name: null, enabled: false, active: 0, total: 0, available: 0 },
      {
        ...{ source: "b", name: "Acme", enabled: true, active: 1, total: 2, available: 1 },
        profiles: [{ id: "primary", primary: true, active: 1, max: 2, available: 1, reason: null }],
      },
    ])
    expect(JSON.stringify(pools)).not.toMatch(/s3cret|panel\.example|list\.example/)
  })

  it("lists the feeds that fail, with their channels", async () => {
    await publishChannels("failing", [{ id: "100000001", name: "News" }])
    const from = Date.now()
    await feedFailed(run, { feed: "f1", channel: "100000001", source: "acme" }, 1)
    await feedFailed(run, { feed: "f2", channel: "100000009", source: "acme" }, 5)
    const { failingFeeds } = await overview()
    expect(failingFeeds.toSorted((one, other) => (one.feed < other.feed ? -1 : 1))).toEqual([
      {
        ...{ feed: "f1", channel: "100000001", channelName: "News", source: "acme", failures: 1, blocks: 1 },
        ...{ blockedUntil: expect.any(Number), lastFailureAt: expect.any(Number) },
      },
      {
        ...{ feed: "f2", channel: "100000009", channelName: null, source: "acme", failures: 1, blocks: 0 },
        ...{ blockedUntil: null, lastFailureAt: expect.any(Number) },
      },
    ])
    const [first] = failingFeeds
    expect(first?.lastFailureAt).toBeGreaterThan(from - 5_000)
  })

  it("counts imports that run, and those that failed", async () => {
    await addSources(
      ...["a", "b", "c"].map((id) => ({ id, type: "m3u" as const, url: "https://list.example/x" })),
    )
    const status = (phase: string) =>
      JSON.stringify({ phase, startedAt: 1, endedAt: null, bytes: 0, entries: 0 })
    await redis.hset(keys.importsStatus, { a: status("fetching"), b: status("failed"), c: status("failed") })
    await redis.hset(keys.importsRunning, { a: "token", c: "token" })
    await redis.zadd(keys.importsDue, { score: 9e12, member: "a" }, { score: 9e12, member: "c" })
    expect((await overview()).imports).toEqual({ running: 2, failed: 1 })
  })

  it("says that the store is away", async () => {
    await setStore("refuse")
    const response = await askAsAdmin("/overview")
    expect([response.status, await errorCode(response)]).toEqual([503, "store_unavailable"])
    await setStore("pass")
  })
})
