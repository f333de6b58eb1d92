import type { LogPage } from "@tributary/shared/admin-api/logs"
import type { Overview } from "@tributary/shared/admin-api/overview"
import type { StreamerRow } from "@tributary/shared/admin-api/streamers"
import type { Stream, StreamDetail, StreamList } from "@tributary/shared/admin-api/streams"
import type { TranscodeTest } from "@tributary/shared/admin-api/transcode-profiles"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { playing } from "./player/playing.ts"
import { watchingMovie } from "./player/slow-movie.ts"
import { eventually } from "./system/eventually.ts"
import { type FedTwice, startFedTwice } from "./system/fed-twice.ts"
import { entryNamed } from "./system/playlist.ts"

const news = "Tributary News HD"
const adminToken = "the-admin-token"

/** All that was answered, to look for secrets in. */
const answers: string[] = []

let fed: FedTwice
beforeAll(async () => {
  fed = await startFedTwice({ ADMIN_TOKEN: adminToken, RETRY_DELAY: "1s" })
}, 180_000)
afterAll(() => fed?.close())

async function api<Body>(
  path: string,
  method = "GET",
  body?: unknown,
): Promise<{ status: number; body: Body }> {
  const response = await fetch(`${fed.system.baseUrl}/api${path}`, {
    method,
    headers: { authorization: `Bearer ${adminToken}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  answers.push(text)
  return { status: response.status, body: JSON.parse(text) as Body }
}
const list = async () => (await api<StreamList>("/streams")).body
const overview = async () => (await api<Overview>("/overview")).body
const pathOf = ({ id, streamer }: Stream) => `/streams/${encodeURIComponent(id)}?streamer=${streamer}`
const urlOf = (name: string) => entryNamed(fed.entries, name).url

// Each test begins with nothing live.
beforeEach(async () => {
  fed.provider.clearFaults()
  await eventually(list, ({ streams }) => streams.length === 0, 20_000)
})

describe("what runs now", () => {
  it("is shown with its viewers, bitrate and codecs, and in the overview", async () => {
    await Promise.all([playing(urlOf(news)), playing(urlOf(news))])
    const { streams, unanswered } = await eventually(
      list,
      (now) => (now.streams[0]?.bitsPerSecond ?? 0) > 50_000 && now.streams[0]?.videoCodec !== null,
      10_000,
    )
    expect(unanswered).toEqual([])
    expect(streams).toHaveLength(1)
    const [stream] = streams as [Stream]
    expect(stream).toMatchObject({
      ...{
        id: fed.channelId(news),
        channel: fed.channelId(news),
        channelName: news,
        kind: "live",
        state: "live",
      },
      ...{ source: "acme", sourceName: "Acme TV", profile: "primary", feedPosition: 1, feeds: 2 },
      ...{ isFailover: false, viewers: 2, relays: 0, failovers: 0, lastFailure: null },
      ...{ videoCodec: "h264", width: 640, height: 360, transcodeProfile: null, relayOf: null },
    })
    expect(Math.abs(Date.now() - stream.startedAt)).toBeLessThan(60_000)
    const detail = await api<StreamDetail>(pathOf(stream))
    expect(detail.body.viewers).toMatchObject([
      { username: "ann", isRelay: false },
      { username: "ann", isRelay: false },
    ])
    const seen = await eventually(overview, ({ now }) => now.bitsPerSecondOut > 0, 10_000)
    expect(seen).toMatchObject({
      now: { streams: 1, viewers: 2 },
      ...{ failingFeeds: [], imports: { running: 0, failed: 0 }, unanswered: [] },
    })
    // Two are sent what comes once.
    const { now } = await eventually(overview, (one) => one.now.bitsPerSecondIn > 50_000, 10_000)
    expect(now.bitsPerSecondOut).toBeGreaterThan(now.bitsPerSecondIn * 1.3)
    expect(seen.pools.map(({ source, active, total }) => [source, active, total])).toEqual([
      ["acme", 1, 3],
      ["backup", 0, 3],
    ])
    expect(seen.streamersByRegion).toMatchObject([{ streamers: 2 }])
    const { body: streamers } = await api<StreamerRow[]>("/streamers")
    expect(streamers.map(({ id }) => id)).toContain(stream.streamer)
    expect(streamers).toHaveLength(2)
  }, 60_000)

  it("is drawn over time", async () => {
    await playing(urlOf(news))
    const { traffic } = await eventually(
      overview,
      ({ traffic: { points } }) => points.some(({ bytesPerSecondOut }) => bytesPerSecondOut > 10_000),
      30_000,
    )
    const point = traffic.points.find(({ bytesPerSecondOut }) => bytesPerSecondOut > 10_000)
    expect(point).toMatchObject({ at: expect.toSatisfy((at: number) => at % 10_000 === 0) })
    expect(point?.bytesPerSecondIn).toBeGreaterThan(10_000)
  }, 60_000)

  it("includes transcodes and movies", async () => {
    await playing(`${urlOf(news)}&profile=480p`)
    await watchingMovie(fed)
    const { streams } = await eventually(list, (now) => now.streams.length === 3, 10_000)
    const kinds = new Map(streams.map((stream) => [stream.kind, stream]))
    expect(new Set(kinds.keys())).toEqual(new Set(["live", "movie", "transcode"]))
    expect(kinds.get("transcode")).toMatchObject({ channelName: news, viewers: 1, transcodeProfile: "480p" })
    expect(kinds.get("live")).toMatchObject({ viewers: 0 })
    const movie = kinds.get("movie")
    expect(movie?.id).toContain("~")
    expect((await overview()).now).toMatchObject({ streams: 2, viewers: 2 })
    const detail = await api<StreamDetail>(`/streams/${encodeURIComponent(movie?.id ?? "")}`)
    expect(detail.body).toMatchObject({ kind: "movie", viewers: [{ username: "ann" }] })
    expect(await api(pathOf(movie as Stream), "DELETE")).toMatchObject({
      body: { stopped: [movie?.streamer] },
    })
  }, 60_000)

  it("goes to its next feed on demand, and drops nobody", async () => {
    const player = await playing(urlOf(news))
    const path = `/streams/${fed.channelId(news)}`
    expect((await api(`${path}/failover`, "POST")).status).toBe(200)
    const { streams } = await eventually(
      list,
      (now) => now.streams[0]?.source === "backup" && now.streams[0].state === "live",
      15_000,
    )
    expect(streams).toMatchObject([{ failovers: 1, isFailover: true, feedPosition: 2, viewers: 1 }])
    const { packets } = player.report()
    await player.waitFor((report) => report.packets > packets + 200, 10_000)
    expect(player.report()).toMatchObject({ ended: null, ccErrors: 0 })
  }, 60_000)

  it("is stopped on demand, and its players end", async () => {
    const player = await playing(urlOf(news))
    const path = `/streams/${fed.channelId(news)}`
    expect(await api(path, "DELETE")).toMatchObject({ status: 200, body: { unanswered: [] } })
    expect((await player.ended).ended).toBe("end")
    expect((await api(path)).status).toBe(404)
    expect(fed.provider.connections().accounts[fed.first.username]?.active).toBe(0)
  }, 60_000)
})

describe("feeds that fail", () => {
  it("are shown in the overview until they open again", async () => {
    const number = fed.provider.channels.find(({ name }) => name === news)?.id ?? 0
    fed.provider.setFault(number, { kind: "status", status: 404 })
    const response = await fetch(urlOf(news))
    await response.body?.cancel()
    expect(response.status).not.toBe(200)
    const { failingFeeds } = await eventually(overview, (now) => now.failingFeeds.length === 2, 10_000)
    for (const feed of failingFeeds) {
      expect(feed).toMatchObject({ channel: fed.channelId(news), channelName: news })
      expect(feed.failures).toBeGreaterThan(0)
    }
    fed.provider.clearFaults()
    await playing(urlOf(news))
    await eventually(overview, (now) => now.failingFeeds.length === 1, 10_000)
  }, 60_000)
})

describe("a test of a transcode profile", () => {
  it("shows the command and what comes out of it", async () => {
    const written = { video: { height: 240, bitrate: 400_000 }, audio: { codec: "aac", bitrate: 64_000 } }
    const { status, body } = await api<TranscodeTest>("/transcode-profiles/test", "POST", written)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      ...{ ok: true, width: 426, height: 240, videoCodec: "h264", audioCodec: "aac", variants: [] },
      command: expect.stringContaining("-b:v 400000"),
    })
    const refused = await api<{ error: { message: string } }>("/transcode-profiles/test", "POST", {
      arguments: "-c:v libx264 -i /etc/passwd",
    })
    expect(refused).toMatchObject({ status: 400 })
    expect(refused.body.error.message).toMatch(/^arguments: /)
    const wrong = { arguments: "-c:v no-such-encoder -c:a copy" }
    const failed = await api<TranscodeTest>("/transcode-profiles/test", "POST", wrong)
    expect(failed).toMatchObject({ status: 200, body: { ok: false } })
    expect(failed.body.message).toContain("no-such-encoder")
  }, 90_000)
})

describe("the logs", () => {
  it("show what happens on all streamers, and go on from where they were read", async () => {
    const before = (await api<LogPage>("/logs")).body
    await playing(urlOf(news))
    const after = `after=${encodeURIComponent(before.next)}`
    const joined = await eventually(
      async () => (await api<LogPage>(`/logs?${after}&search=viewer%20joined`)).body,
      ({ lines }) => lines.length > 0,
      10_000,
    )
    expect(joined.lines).toMatchObject([
      {
        ...{ level: "info", category: "streamer.pool", message: "viewer joined" },
        properties: { channel: fed.channelId(news), viewers: 1 },
      },
    ])
    const all = (await api<LogPage>("/logs?limit=500")).body
    expect(new Set(all.lines.map(({ streamer }) => streamer)).size).toBe(2)
    const times = all.lines.map(({ at }) => at)
    expect(times).toEqual(times.toSorted((one, other) => one - other))
    expect(all.unanswered).toEqual([])
  }, 60_000)
})

describe("no answer", () => {
  it("has the provider's address or credentials in it", () => {
    expect(answers.length).toBeGreaterThan(20)
    const all = answers.join("\n")
    for (const secret of fed.secrets) expect(all).not.toContain(secret)
  })
})
