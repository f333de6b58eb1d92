import { Hono } from "hono"
import { describe, expect, it } from "vitest"
import type { PlaybackReport } from "../vod/playback.ts"
import { requireApiToken } from "./require-api-token.ts"
import { RunningStreams } from "./running-streams.ts"
import { playbackOf, viewer } from "./stream-fixture.ts"
import { streamsApi } from "./streams-api.ts"

/** Playbacks, as `Vod` tells of them and ends them. */
class FakeVod {
  readonly playing: Map<string, PlaybackReport>

  constructor(...reports: PlaybackReport[]) {
    this.playing = new Map(reports.map((report) => [report.id, report]))
  }

  reports = () => [...this.playing.values()]
  stop = async (id: string) => this.playing.delete(id)
}

const headers = { "x-api-token": "the-token" }

/** The API of a streamer that plays these, and nothing live. */
function apiOf(vod: FakeVod) {
  let lookups = 0
  const findChannel = async (id: string) => {
    lookups++
    return { kind: "movie" as const, name: `Film ${id}`, groups: [], feeds: [] }
  }
  const pool = new RunningStreams({ live: new Map(), transcodes: new Map(), vod })
  const guard = requireApiToken("the-token")
  const app = new Hono().route("/streams", streamsApi({ pool, findChannel, guard }))
  const ask = async (path: string, method = "GET") => {
    const response = await app.request(path, { method, headers })
    // biome-ignore lint/suspicious/noExplicitAny: what it is is what the tests say.
    return { status: response.status, body: (await response.json()) as any }
  }
  return { ask, lookups: () => lookups }
}

const film = playbackOf({ viewers: [viewer("one"), viewer("one")] })
const path = `/streams/${encodeURIComponent(film.id)}`

describe("what one viewer plays alone", () => {
  it("is listed as what it is, with all its connections", async () => {
    const catchup = playbackOf({ id: "catchup.7~owner", channel: "7", kind: "catchup", feed: "feed-7" })
    const { ask } = apiOf(new FakeVod(film, catchup))
    const { body } = await ask("/streams")
    expect(body.total).toBe(2)
    expect(body.streams).toMatchObject([
      {
        ...{ stream_id: "201~owner", stream_type: "VOD", client_count: 2, url: "[redacted]", state: "live" },
        ...{ channel_name: "Film 201", feed: "feed-1", total_bytes_served: 1880, codec: null },
        metadata: {
          ...{ id: "201", type: "movie", playlist_uuid: "acme", provider_profile_id: "primary" },
          ...{ transcoding: "false", profile_id: "", is_failover: "false", channel_name: "Film 201" },
        },
      },
      { stream_id: "catchup.7~owner", stream_type: "VOD", metadata: { type: "catchup", id: "7" } },
    ])
    const { body: found } = await ask("/streams/by-metadata?field=type&value=movie")
    expect(found).toMatchObject({ total_matching: 1, total_clients: 2 })
  })

  it("is shown with its connections, as it is now", async () => {
    const vod = new FakeVod(film)
    const { ask, lookups } = apiOf(vod)
    const { body } = await ask(path)
    expect(body).toMatchObject({ stream: { total_bytes_served: 1880 }, client_count: 2 })
    expect(body.clients).toMatchObject([
      { client_id: "one", stream_id: film.id, username: "ann" },
      { client_id: "one" },
    ])
    vod.playing.set(film.id, { ...film, bytesSent: 5_000 })
    expect((await ask(path)).body.stream.total_bytes_served).toBe(5_000)
    // What is known of its channel is kept.
    expect(lookups()).toBe(1)
  })

  it("is stopped on demand, and gone then", async () => {
    const vod = new FakeVod(film, playbackOf({ id: "202~owner" }))
    const { ask } = apiOf(vod)
    expect(await ask(path, "DELETE")).toMatchObject({ status: 200, body: { stream_id: film.id } })
    expect([...vod.playing.keys()]).toEqual(["202~owner"])
    expect((await ask(path)).status).toBe(404)
    expect((await ask(path, "DELETE")).status).toBe(404)
  })

  it("is not listed while it closes", async () => {
    const { ask } = apiOf(new FakeVod(playbackOf({ state: "closing" })))
    expect((await ask("/streams")).body.total).toBe(0)
  })

  it("does not go to another feed", async () => {
    const { status, body } = await apiOf(new FakeVod(film)).ask(`${path}/failover`, "POST")
    expect([status, body.error.code]).toEqual([409, "conflict"])
  })
})
