import type { IndexedChannel } from "@tributary/shared/catalogue/entry"
import { Hono } from "hono"
import { describe, expect, it } from "vitest"
import { requireApiToken } from "./require-api-token.ts"
import { FakeStream, viewer } from "./stream-fixture.ts"
import { streamsApi } from "./streams-api.ts"

const locator = { kind: "xtream", streamId: "7", extension: "ts" } as const
const news: IndexedChannel = {
  name: "News",
  groups: [],
  feeds: [
    { id: "feed-1", source: "acme", locator },
    { id: "feed-2", source: "backup", locator },
  ],
}
const find = (id: string) => Promise.resolve(id === "101" ? news : null)

/** The API with these streams; asks with the right token unless told otherwise. */
function apiOf(
  streams: Record<string, FakeStream>,
  { findChannel = find, apiToken = "the-token" as string | null } = {},
) {
  const pool = { streams: new Map(Object.entries(streams)) }
  const app = new Hono().route(
    "/streams",
    streamsApi({ pool, findChannel, guard: requireApiToken(apiToken) }),
  )
  return async (
    path: string,
    method = "GET",
    headers: Record<string, string> = { "x-api-token": "the-token" },
  ) => {
    const response = await app.request(path, { method, headers })
    return {
      status: response.status,
      headers: response.headers,
      // biome-ignore lint/suspicious/noExplicitAny: what it is is what the tests say.
      body: (await response.json().catch(() => null)) as any,
    }
  }
}

describe("who may use the streams API", () => {
  const paths = [
    ["GET", "/streams"],
    ["GET", "/streams/101"],
    ["GET", "/streams/nothing"],
    ["GET", "/streams/by-metadata?field=id&value=101"],
    ["GET", "/streams/by-metadata"],
    ["DELETE", "/streams/101"],
    ["POST", "/streams/101/failover"],
  ] as const

  it.each(paths)("%s %s: whoever has the token", async (method, path) => {
    const stream = new FakeStream()
    const ask = apiOf({ "101": stream })
    for (const headers of [{}, { "x-api-token": "" }, { authorization: "Bearer the-token" }]) {
      const { status, body } = await ask(path, method, headers as Record<string, string>)
      expect([status, body.error.code]).toEqual([401, "unauthorized"])
    }
    for (const token of ["wrong", "the-token2", "the-toke", "THE-TOKEN"]) {
      const { status, body } = await ask(path, method, { "x-api-token": token })
      expect([status, body.error.code]).toEqual([403, "forbidden"])
    }
    expect(stream.done).toEqual([])
  })

  it("nobody, where there is no token", async () => {
    const ask = apiOf({}, { apiToken: null })
    for (const headers of [{}, { "x-api-token": "" }, { "x-api-token": "null" }]) {
      const { status, body } = await ask("/streams", "GET", headers as Record<string, string>)
      expect([status, body.error.code]).toEqual([403, "forbidden"])
    }
  })
})

describe("GET /streams", () => {
  it("lists nothing where nothing runs", async () => {
    const { status, headers, body } = await apiOf({})("/streams")
    expect(status).toBe(200)
    expect(headers.get("cache-control")).toBe("no-store")
    expect(headers.get("access-control-allow-origin")).toBeNull()
    expect(body).toEqual({ streams: [], total: 0 })
  })

  it("shows what each stream is, carries and lost", async () => {
    const format = {
      video: { codec: "h264" as const, width: 1920, height: 1080, framesPerSecond: 25 },
      audio: [{ codec: "aac", channels: 2, sampleRate: 48_000, language: "deu" }],
    }
    const ask = apiOf({
      "101": new FakeStream({
        ...{ format, failovers: 2, lastFailure: "no bytes came for too long", isFailover: true },
        ...{ source: "backup", feed: "feed-2" },
        viewers: [
          viewer("one"),
          viewer("two", { viewer: null }),
          viewer("", { isRelay: true, session: "relay-s2" }),
        ],
      }),
    })
    const { body } = await ask("/streams")
    expect(body.total).toBe(1)
    expect(body.streams).toEqual([
      {
        stream_id: "101",
        client_count: 3,
        metadata: {
          ...{ id: "101", type: "channel", playlist_uuid: "backup", transcoding: "false", profile_id: "" },
          ...{ provider_profile_id: "primary", original_channel_id: "101", original_playlist_uuid: "acme" },
          ...{ is_failover: "true", channel_name: "News", feed_id: "feed-2" },
        },
        ...{ is_active: true, url: "[redacted]", stream_type: "Live Continuous" },
        ...{ total_bytes_served: 1880, created_at: "2026-01-02T03:04:05.000Z", state: "live" },
        ...{ channel_name: "News", viewers: 2, feed: "feed-2", feed_position: 2, feed_count: 2, relay: null },
        ...{ bitrate: 8_000_000, total_bytes_received: 18_800, failovers: 2 },
        ...{ last_failure: "no bytes came for too long", codec: "h264", resolution: "1920x1080" },
        video: { codec: "h264" as const, width: 1920, height: 1080, frames_per_second: 25 },
        audio: [{ codec: "aac", channels: 2, sample_rate: 48_000, language: "deu" }],
      },
    ])
  })

  it("shows streams of channels whose names nobody knows", async () => {
    const silent = () => new Promise<null>(() => undefined)
    for (const findChannel of [
      () => Promise.reject(new Error("away")),
      silent,
      () => Promise.resolve(null),
    ]) {
      const from = performance.now()
      const { body } = await apiOf(
        { "101": new FakeStream({ isFailover: true }) },
        { findChannel },
      )("/streams")
      expect(performance.now() - from).toBeLessThan(1_800)
      expect(body.streams[0]).toMatchObject({
        channel_name: null,
        metadata: { channel_name: "", original_playlist_uuid: "", playlist_uuid: "acme" },
        ...{ codec: null, resolution: null, video: null, audio: [], feed_position: null, feed_count: null },
      })
    }
  })

  it("asks for a channel once, and again only when it got no answer", async () => {
    let asked = 0
    const findChannel = () => {
      asked++
      return asked === 1 ? Promise.reject(new Error("away")) : Promise.resolve(news)
    }
    const ask = apiOf({ "101": new FakeStream() }, { findChannel })
    const names = []
    for (let count = 0; count < 3; count++) names.push((await ask("/streams")).body.streams[0].channel_name)
    expect(names).toEqual([null, "News", "News"])
    expect(asked).toBe(2)
  })
})

describe("GET /streams/{id}", () => {
  it("shows the stream and who watches, without what their addresses are told by", async () => {
    const ask = apiOf({ "101": new FakeStream({ viewers: [viewer("one", { moves: 3 })] }) })
    const { status, body } = await ask("/streams/101")
    expect(status).toBe(200)
    expect(body.stream).toEqual((await ask("/streams")).body.streams[0])
    expect(body.client_count).toBe(1)
    expect(body.clients).toEqual([
      {
        ...{ client_id: "one", stream_id: "101", username: "ann", is_relay: false, is_connected: true },
        ...{ first_seen: "2026-01-02T03:04:06.000Z", bytes_served: 1880, moves: 3 },
      },
    ])
    expect(JSON.stringify(body)).not.toContain("0123456789abcdef")
  })

  it("knows a stream that is not shared by its key", async () => {
    const ask = apiOf({ "101~a b": new FakeStream({ id: "101~a b" }) })
    const { body } = await ask(`/streams/${encodeURIComponent("101~a b")}`)
    expect(body.stream.stream_id).toBe("101~a b")
  })

  it("does not show one that closes", async () => {
    const ask = apiOf({ "101": new FakeStream({ state: "closing" }) })
    expect((await ask("/streams/101")).status).toBe(404)
    expect((await ask("/streams")).body.total).toBe(0)
  })

  it.each(["/streams/nothing", "/streams/101/nothing", "/streams/__proto__"])(
    "is 404 at %s",
    async (path) => {
      expect((await apiOf({ "101": new FakeStream() })(path)).status).toBe(404)
    },
  )
})

describe("GET /streams/by-metadata", () => {
  const streams = () => ({
    "101": new FakeStream(),
    "102": new FakeStream({
      id: "102",
      channel: "102",
      source: "other",
      profile: "b",
      viewers: [],
      state: "idle",
    }),
    "103": new FakeStream({
      id: "103",
      channel: "103",
      isFailover: true,
      viewers: [viewer("x"), viewer("y")],
    }),
    "104": new FakeStream({ id: "104", channel: "104", state: "closing" }),
  })
  const by = async (query: string) => {
    const { body } = await apiOf(streams())(`/streams/by-metadata?${query}`)
    const ids = body.matching_streams.map(({ stream_id }: { stream_id: string }) => stream_id)
    return { body, ids }
  }

  it.each([
    ["field=id&value=101&active_only=true", ["101"]],
    ["field=playlist_uuid&value=acme", ["101", "103"]],
    ["field=playlist_uuid&value=acme&active_only=1", ["101", "103"]],
    ["field=playlist_uuid&value=acme&active_only=false", ["101", "103"]],
    ["field=original_channel_id&value=103", ["103"]],
    ["field=provider_profile_id&value=b", []],
    ["field=provider_profile_id&value=b&active_only=False", ["102"]],
    ["field=provider_profile_id&value=b&active_only=0", ["102"]],
    ["field=is_failover&value=true", ["103"]],
    ["field=transcoding&value=true&active_only=0", []],
    ["field=type&value=channel", ["101", "103"]],
    ["field=profile_id&value=", ["101", "103"]],
    ["field=channel_name&value=News", ["101"]],
    ["field=id&value=1", []],
  ])("finds by %s", async (query, expected) => {
    expect((await by(query)).ids).toEqual(expected)
  })

  it("answers in m3u-proxy's form", async () => {
    const { body } = await by("field=playlist_uuid&value=acme")
    expect(body).toEqual({
      filter: { field: "playlist_uuid", value: "acme" },
      active_only: true,
      matching_streams: expect.any(Array),
      total_matching: 2,
      total_clients: 3,
    })
    expect(body.matching_streams[0]).toEqual({
      ...{ stream_id: "101", client_count: 1, is_active: true, url: "[redacted]" },
      stream_type: "Live Continuous",
      metadata: expect.objectContaining({ id: "101", playlist_uuid: "acme" }),
    })
  })

  it.each([
    ["value=1", "field: is missing"],
    ["field=id", "value: is missing"],
    ["field=url&value=x", "field: must be one of id, type, playlist_uuid"],
    ["field=toString&value=x", "field: must be one of"],
    ["field=id&value=101&active_only=perhaps", "active_only: must be true or false"],
  ])("names what is wrong with %s", async (query, message) => {
    const { status, body } = await apiOf(streams())(`/streams/by-metadata?${query}`)
    expect([status, body.error.code]).toEqual([400, "bad_request"])
    expect(body.error.message).toContain(message)
  })
})

describe("DELETE /streams/{id}", () => {
  it("stops the stream", async () => {
    const stream = new FakeStream()
    const { status, body } = await apiOf({ "101": stream })("/streams/101", "DELETE")
    expect(status).toBe(200)
    expect(body).toEqual({ message: "The stream 101 has been stopped.", stream_id: "101" })
    expect(stream.done).toEqual(["close stopped"])
  })

  it.each(["/streams/nothing", "/streams/by-metadata?field=id&value=101", "/streams"])(
    "stops nothing at %s",
    async (path) => {
      const stream = new FakeStream()
      expect((await apiOf({ "101": stream })(path, "DELETE")).status).toBe(404)
      expect(stream.done).toEqual([])
    },
  )
})

describe("POST /streams/{id}/failover", () => {
  it("has the stream go on with its next feed", async () => {
    const stream = new FakeStream({ failovers: 4 })
    const { status, body } = await apiOf({ "101": stream })("/streams/101/failover", "POST")
    expect(status).toBe(200)
    expect(body).toMatchObject({
      stream_id: "101",
      failovers: 4,
      message: expect.stringContaining("next feed"),
    })
    expect(stream.done).toEqual(["failOver"])
  })

  it("is 409 while the stream cannot change its feed", async () => {
    const stream = new FakeStream()
    stream.isClosing = true
    const { status, body } = await apiOf({ "101": stream })("/streams/101/failover", "POST")
    expect([status, body.error.code]).toEqual([409, "conflict"])
  })

  it("is 404 for a stream that is not there", async () => {
    const ask = apiOf({ "101": new FakeStream() })
    expect((await ask("/streams/102/failover", "POST")).status).toBe(404)
    expect((await ask("/streams/101/failover")).status).toBe(404)
  })
})
