import {
  failedOverStreamSchema,
  type StreamDetail,
  type StreamList,
  stoppedStreamSchema,
  streamDetailSchema,
  streamListSchema,
} from "@tributary/shared/admin-api/streams"
import { isTierCall } from "@tributary/shared/secrets/tier-token"
import { beforeEach, describe, expect, it } from "vitest"
import { ask, startAfresh } from "../../test-support/edge-under-test.ts"
import {
  addSources,
  forgetCalls,
  registerStreamer,
  secretKeys,
  streamerCalls,
} from "../../test-support/store.ts"
import { askJson, type Refusal, setAnswer } from "../streamers/streamers-fixture.ts"

/** A stream as the streams API of a streamer has it. */
function entry(id: string, more: Record<string, unknown> = {}, metadata: Record<string, string> = {}) {
  return {
    ...{ stream_id: id, client_count: 3, is_active: true, url: "[redacted]", stream_type: "Live Continuous" },
    metadata: {
      ...{ id: "100000001", type: "channel", playlist_uuid: "acme", transcoding: "false", profile_id: "" },
      ...{ provider_profile_id: "primary", is_failover: "true", channel_name: "News", feed_id: "feed-2" },
      ...metadata,
    },
    ...{ total_bytes_served: 1_880, created_at: "2026-01-02T03:04:05.000Z", state: "live" },
    ...{ channel_name: "News", viewers: 2, feed: "feed-2", feed_position: 2, feed_count: 3, relay: null },
    ...{ bitrate: 8_000_000, total_bytes_received: 18_800, failovers: 1, last_failure: "no bytes came" },
    ...{ codec: "h264", resolution: "1920x1080" },
    video: { codec: "h264", width: 1920, height: 1080, frames_per_second: 25 },
    audio: [{ codec: "aac", channels: 2, sample_rate: 48_000, language: "deu" }],
    ...more,
  }
}
const startedAt = Date.UTC(2026, 0, 2, 3, 4, 5)
const list = (...streams: unknown[]) => ({ streams, total: streams.length })
const gone = { error: { code: "not_found", message: "No stream with this id runs here." } }

beforeEach(async () => {
  await startAfresh()
  await forgetCalls()
  await addSources({ id: "acme", name: "Acme TV", type: "m3u", url: "https://list.example/x" })
})

describe("GET /api/streams", () => {
  const streams = async () => (await askJson<StreamList>("/streams")).body

  it("shows what runs on all streamers, and asks them as the edge may", async () => {
    await registerStreamer("one")
    await registerStreamer("two")
    await setAnswer("one", "GET /streams", list(entry("100000001")))
    const later = { created_at: "2026-01-02T03:05:00.000Z", relay: "one", video: null, audio: [] }
    await setAnswer("two", "GET /streams", list(entry("100000001", later, { playlist_uuid: "was-deleted" })))
    const body = await streams()
    expect(streamListSchema.parse(body)).toEqual(body)
    expect(body.unanswered).toEqual([])
    expect(body.streams).toMatchObject([
      { streamer: "two", relayOf: "one", sourceName: null, videoCodec: null, width: null, audio: [] },
      {},
    ])
    expect(body.streams[1]).toEqual({
      ...{ id: "100000001", streamer: "one", channel: "100000001", channelName: "News", kind: "live" },
      ...{ state: "live", source: "acme", sourceName: "Acme TV", profile: "primary", feed: "feed-2" },
      ...{ feedPosition: 2, feeds: 3, isFailover: true, viewers: 2, relays: 1 },
      ...{ bitsPerSecond: 8_000_000, bytesIn: 18_800, bytesOut: 1_880, startedAt, failovers: 1 },
      ...{ lastFailure: "no bytes came", videoCodec: "h264", width: 1920, height: 1080, framesPerSecond: 25 },
      audio: [{ codec: "aac", channels: 2, sampleRate: 48_000, language: "deu" }],
      ...{ transcodeProfile: null, relayOf: null },
    })
    const calls = await streamerCalls()
    expect(new Set(calls.map(({ path }) => path))).toEqual(
      new Set(["/streamer/one/internal/streams", "/streamer/two/internal/streams"]),
    )
    expect(calls).toHaveLength(2)
    for (const { authorization } of calls)
      expect(await isTierCall(secretKeys, "streamer-internal", authorization, Date.now() / 1000)).toBe(true)
  })

  it.each([
    ["channel", "false", "live", null],
    ["channel", "true", "transcode", "480p"],
    ["movie", "false", "movie", null],
    ["episode", "false", "episode", null],
    ["catchup", "false", "catchup", null],
  ])("says of a %s (transcoding: %s) that it is a %s", async (type, transcoding, kind, transcodeProfile) => {
    await registerStreamer("one")
    const metadata = { type, transcoding, profile_id: transcoding === "true" ? "480p" : "" }
    await setAnswer("one", "GET /streams", list(entry("1", {}, metadata)))
    expect((await streams()).streams).toMatchObject([{ kind, transcodeProfile }])
  })

  it("names those that do not answer, and shows the others within two seconds", async () => {
    await registerStreamer("one")
    await registerStreamer("hanging")
    await registerStreamer("odd")
    await registerStreamer("failing")
    await registerStreamer("gone", { internalAddress: "http://127.0.0.1:1" })
    await setAnswer("one", "GET /streams", list(entry("1")))
    await setAnswer("hanging", "GET /streams", null)
    await setAnswer("odd", "GET /streams", list({ stream_id: 7 }))
    await setAnswer("failing", "GET /streams", { error: { code: "internal" } }, 500)
    const from = Date.now()
    const { streams: shown, unanswered } = await streams()
    expect(Date.now() - from).toBeLessThan(3_500)
    expect(shown.map(({ streamer }) => streamer)).toEqual(["one"])
    expect(unanswered).toHaveLength(4)
    expect(new Set(unanswered)).toEqual(new Set(["failing", "gone", "hanging", "odd"]))
  })

  it("is empty where no streamer runs", async () => {
    expect(await streams()).toEqual({ streams: [], unanswered: [] })
  })
})

// As keys of what one viewer plays alone look like, and worse.
const oddId = "100000001~own er:1/2?x"
const inPath = encodeURIComponent(oddId)

describe("GET /api/streams/{id}", () => {
  const client = {
    ...{ client_id: "s1", stream_id: oddId, username: "ann", is_relay: false, is_connected: true },
    ...{ first_seen: "2026-01-02T03:04:06.000Z", bytes_served: 7, moves: 1 },
  }
  const detail = (more: Record<string, unknown> = {}) => ({
    ...{ stream: entry(oddId, more), clients: [client], client_count: 1 },
  })
  const stream = (query = "") => askJson<StreamDetail & Refusal>(`/streams/${inPath}${query}`)

  it("shows one with its viewers, whatever its id looks like", async () => {
    await registerStreamer("one")
    await registerStreamer("two")
    await setAnswer("one", `GET /streams/${inPath}`, detail())
    await setAnswer("two", `GET /streams/${inPath}`, gone, 404)
    const { status, body } = await stream()
    expect(status).toBe(200)
    expect(streamDetailSchema.parse(body)).toEqual(body)
    expect(body).toMatchObject({ id: oddId, streamer: "one", kind: "live" })
    expect(body.viewers).toEqual([
      { session: "s1", username: "ann", since: startedAt + 1000, bytesOut: 7, isRelay: false, moves: 1 },
    ])
  })

  it("shows the one that comes from the provider, or the one that is asked for", async () => {
    await registerStreamer("one")
    await registerStreamer("two")
    await setAnswer("one", `GET /streams/${inPath}`, detail({ relay: "two" }))
    await setAnswer("two", `GET /streams/${inPath}`, detail())
    expect((await stream()).body.streamer).toBe("two")
    expect((await stream("?streamer=one")).body.streamer).toBe("one")
    await setAnswer("one", `GET /streams/${inPath}`, detail())
    await setAnswer("two", `GET /streams/${inPath}`, detail({ relay: "one" }))
    expect((await stream()).body.streamer).toBe("one")
    expect((await stream("?streamer=three")).status).toBe(404)
  })

  it("says that there is none, or that nobody knows", async () => {
    await registerStreamer("one")
    await setAnswer("one", `GET /streams/${inPath}`, gone, 404)
    expect(await stream()).toEqual({
      status: 404,
      body: { error: { code: "not_found", message: `No stream "${oddId}" runs now.` } },
    })
    await registerStreamer("gone", { internalAddress: "http://127.0.0.1:1" })
    expect(await stream()).toMatchObject({
      status: 503,
      body: { error: { code: "no_streamer", message: expect.stringContaining("gone did not answer") } },
    })
  })
})

describe("DELETE /api/streams/{id}", () => {
  it("stops it wherever it runs, or where it is told to", async () => {
    for (const streamer of ["one", "two", "three"]) {
      await registerStreamer(streamer)
      const answer = streamer === "three" ? gone : { stream_id: oddId, message: "Stopped." }
      await setAnswer(streamer, `DELETE /streams/${inPath}`, answer, streamer === "three" ? 404 : 200)
    }
    const { status, body } = await askJson(`/streams/${inPath}`, "DELETE")
    expect([status, stoppedStreamSchema.parse(body)]).toEqual([
      200,
      { id: oddId, stopped: expect.toSatisfy(isBoth("one", "two")), unanswered: [] },
    ])
    await askJson(`/streams/${inPath}?streamer=two`, "DELETE")
    const paths = (await streamerCalls()).map(({ path }) => path)
    expect(paths).toHaveLength(4)
    expect(paths.at(-1)).toBe(`/streamer/two/internal/streams/${inPath}`)
  })

  it("says that there is none, and where it may run on", async () => {
    await registerStreamer("one")
    await setAnswer("one", `DELETE /streams/${inPath}`, gone, 404)
    expect(await askJson(`/streams/${inPath}`, "DELETE")).toMatchObject({ status: 404 })
    await setAnswer("one", `DELETE /streams/${inPath}`, { stream_id: oddId })
    await registerStreamer("gone", { internalAddress: "http://127.0.0.1:1" })
    expect(await askJson(`/streams/${inPath}`, "DELETE")).toMatchObject({
      status: 200,
      body: { stopped: ["one"], unanswered: ["gone"] },
    })
  })
})

describe("POST /api/streams/{id}/failover", () => {
  const failOver = () => askJson<Refusal>(`/streams/${inPath}/failover`, "POST")
  const conflict = { error: { code: "conflict", message: "The stream cannot change its feed now." } }

  it("is taken by whoever has the connection", async () => {
    await registerStreamer("relay")
    await registerStreamer("origin")
    await setAnswer("relay", `POST /streams/${inPath}/failover`, conflict, 409)
    await setAnswer("origin", `POST /streams/${inPath}/failover`, { stream_id: oddId, failovers: 2 })
    const { status, body } = await failOver()
    expect([status, failedOverStreamSchema.parse(body)]).toEqual([
      200,
      { id: oddId, streamer: "origin", failovers: 2 },
    ])
  })

  it("says why it cannot be, and that there is none", async () => {
    await registerStreamer("one")
    await setAnswer("one", `POST /streams/${inPath}/failover`, conflict, 409)
    expect(await failOver()).toEqual({ status: 409, body: conflict })
    await setAnswer("one", `POST /streams/${inPath}/failover`, gone, 404)
    expect(await failOver()).toMatchObject({ status: 404, body: { error: { code: "not_found" } } })
    expect(await askJson(`/streams/${inPath}/failover`)).toMatchObject({ status: 404 })
  })
})

it("is for the admin alone", async () => {
  await registerStreamer("one")
  for (const path of ["streams", "streamers", "overview", "logs"]) {
    const answer = await ask(`/api/${path}`)
    expect([path, answer.status]).toEqual([path, 401])
  }
  expect(await streamerCalls()).toEqual([])
})

const isBoth = (one: string, other: string) => (actual: string[]) =>
  actual.length === 2 && actual.includes(one) && actual.includes(other)
