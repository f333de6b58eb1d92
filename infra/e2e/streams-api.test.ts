import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { playing } from "./player/playing.ts"
import { movieName, watchingMovie } from "./player/slow-movie.ts"
import { eventually } from "./system/eventually.ts"
import { type FedTwice, startFedTwice } from "./system/fed-twice.ts"
import { NotedAnswers } from "./system/noted-answers.ts"
import { entryNamed } from "./system/playlist.ts"

const news = "Tributary News HD"
const adminToken = "the-admin-token"
const answers = new NotedAnswers()

let fed: FedTwice
beforeAll(async () => {
  fed = await startFedTwice({ ADMIN_TOKEN: adminToken })
}, 180_000)
afterAll(() => fed?.close())

const streamers = () => fed.system.ports.streamers.map((port) => `http://127.0.0.1:${port}`)
const urlOf = (name: string) => entryNamed(fed.entries, name).url
const api = (streamer: string, path: string, method = "GET") =>
  answers.ask(`${streamer}${path}`, { "x-api-token": adminToken }, method)

/** The streamer that a channel is live on. */
async function streamerOf(name: string): Promise<string> {
  for (const streamer of streamers())
    if ((await api(streamer, `/streams/${fed.channelId(name)}`)).status === 200) return streamer
  throw new Error(`${name} is not live`)
}

// Each test begins with nothing live.
beforeEach(async () => {
  await eventually(
    async () => Promise.all(streamers().map(async (one) => (await api(one, "/streams")).body.total)),
    (totals) => totals.every((count) => count === 0),
    20_000,
  )
})

describe("the streams API", () => {
  it("shows what plays, to how many, from where", async () => {
    await Promise.all([playing(urlOf(news)), playing(urlOf(news))])
    const streamer = await streamerOf(news)
    const id = fed.channelId(news)
    const list = await eventually(
      () => api(streamer, "/streams"),
      ({ body: { streams } }) => streams[0]?.client_count === 2 && streams[0].total_bytes_received > 10_000,
      5_000,
    )
    expect(list.body.total).toBe(1)
    expect(list.body.streams[0]).toMatchObject({
      ...{ stream_id: id, client_count: 2, viewers: 2, is_active: true, state: "live", url: "[redacted]" },
      ...{ channel_name: news, failovers: 0, last_failure: null, relay: null },
      metadata: {
        ...{ id, type: "channel", playlist_uuid: "acme", transcoding: "false", profile_id: "" },
        ...{ provider_profile_id: "primary", original_channel_id: id, original_playlist_uuid: "acme" },
        ...{ is_failover: "false", channel_name: news },
      },
    })
    const one = await api(streamer, `/streams/${id}`)
    expect(one.body).toMatchObject({ stream: { stream_id: id }, client_count: 2 })
    expect(one.body.clients).toHaveLength(2)
    for (const client of one.body.clients)
      expect(client).toMatchObject({ stream_id: id, username: "ann", is_relay: false, is_connected: true })
    const rate = await eventually(
      async () => (await api(streamer, `/streams/${id}`)).body.stream.bitrate,
      (bitrate) => bitrate > 0,
      10_000,
    )
    expect(rate).toBeGreaterThan(50_000)
  }, 60_000)

  it("says which codec and resolution a stream has", async () => {
    await playing(urlOf(news))
    const streamer = await streamerOf(news)
    const { body } = await eventually(
      () => api(streamer, `/streams/${fed.channelId(news)}`),
      (answer) => answer.body.stream.codec !== null,
      10_000,
    )
    expect(body.stream).toMatchObject({
      ...{ codec: "h264", resolution: "640x360" },
      video: { codec: "h264", width: 640, height: 360 },
    })
  }, 60_000)

  it("finds streams by what they are, also below /m3u-proxy", async () => {
    await playing(urlOf(news))
    const streamer = await streamerOf(news)
    for (const prefix of ["", "/m3u-proxy"]) {
      const by = async (query: string) => (await api(streamer, `${prefix}/streams/by-metadata?${query}`)).body
      const found = await by(`field=original_channel_id&value=${fed.channelId(news)}&active_only=true`)
      expect(found).toMatchObject({
        filter: { field: "original_channel_id", value: fed.channelId(news) },
        ...{ active_only: true, total_matching: 1, total_clients: 1 },
      })
      expect(found.matching_streams[0]).toMatchObject({ stream_id: fed.channelId(news), url: "[redacted]" })
      expect(await by("field=playlist_uuid&value=acme")).toMatchObject({ total_matching: 1 })
      expect(await by("field=provider_profile_id&value=primary")).toMatchObject({ total_matching: 1 })
      expect(await by("field=playlist_uuid&value=backup")).toMatchObject({ total_matching: 0 })
      expect((await api(streamer, `${prefix}/streams`)).body.total).toBe(1)
      expect((await api(streamer, `${prefix}/streams/${fed.channelId(news)}`)).status).toBe(200)
    }
  }, 60_000)

  it("shows an idle stream only to those who ask for it", async () => {
    const player = await playing(urlOf(news))
    const streamer = await streamerOf(news)
    await player.close()
    const by = async (activeOnly: boolean) => {
      const query = `field=id&value=${fed.channelId(news)}&active_only=${activeOnly}`
      return (await api(streamer, `/streams/by-metadata?${query}`)).body.total_matching
    }
    await eventually(
      () => by(true),
      (matching) => matching === 0,
      1_500,
    )
    expect(await by(false)).toBe(1)
  }, 60_000)

  it("stops a stream and ends its players", async () => {
    const players = await Promise.all([playing(urlOf(news)), playing(urlOf(news))])
    const streamer = await streamerOf(news)
    const stopped = await api(streamer, `/streams/${fed.channelId(news)}`, "DELETE")
    expect(stopped).toMatchObject({ status: 200, body: { stream_id: fed.channelId(news) } })
    for (const player of players) expect((await player.ended).ended).toBe("end")
    await eventually(
      () => fed.provider.connections().accounts[fed.first.username]?.active,
      (active) => active === 0,
      2_000,
    )
    expect((await api(streamer, `/streams/${fed.channelId(news)}`)).status).toBe(404)
  }, 60_000)

  it("goes to the next feed on demand, and drops nobody", async () => {
    const player = await playing(urlOf(news))
    const streamer = await streamerOf(news)
    const path = `/streams/${fed.channelId(news)}`
    expect((await api(streamer, `${path}/failover`, "POST")).status).toBe(200)
    const { body } = await eventually(
      () => api(streamer, path),
      (answer) =>
        answer.body.stream?.metadata.playlist_uuid === "backup" && answer.body.stream.state === "live",
      15_000,
    )
    expect(body.stream).toMatchObject({
      failovers: 1,
      metadata: {
        is_failover: "true",
        original_playlist_uuid: "acme",
        original_channel_id: fed.channelId(news),
      },
    })
    const { packets } = player.report()
    await player.waitFor((report) => report.packets > packets + 200, 10_000)
    expect(player.report()).toMatchObject({ ended: null, ccErrors: 0 })
  }, 60_000)

  it("shows a movie that is played, and stops it", async () => {
    const { streamer, ended } = await watchingMovie(fed)
    const { body } = await eventually(
      () => api(streamer, "/streams"),
      (answer) => answer.body.streams[0]?.total_bytes_served > 100_000,
      10_000,
    )
    expect(body.total).toBe(1)
    expect(body.streams[0]).toMatchObject({
      ...{
        stream_type: "VOD",
        client_count: 1,
        viewers: 1,
        is_active: true,
        state: "live",
        url: "[redacted]",
      },
      metadata: {
        type: "movie",
        playlist_uuid: "acme",
        provider_profile_id: "primary",
        channel_name: movieName,
      },
    })
    const { stream_id: id } = body.streams[0]
    const path = `/streams/${encodeURIComponent(id)}`
    const one = await api(streamer, path)
    expect(one.body).toMatchObject({ stream: { stream_id: id }, clients: [{ username: "ann" }] })
    const found = await api(streamer, "/streams/by-metadata?field=type&value=movie")
    expect(found.body).toMatchObject({ total_matching: 1, total_clients: 1 })
    expect((await api(streamer, `${path}/failover`, "POST")).status).toBe(409)
    expect(await api(streamer, path, "DELETE")).toMatchObject({ status: 200, body: { stream_id: id } })
    expect(await ended).toBe("broken")
    expect((await api(streamer, path)).status).toBe(404)
    expect(fed.provider.connections().accounts[fed.first.username]?.active).toBe(0)
  }, 60_000)

  it("shows a channel's past that is played, and stops it", async () => {
    const start = Math.floor(Date.now() / 3_600_000) * 3_600 - 5 * 3_600
    const url = `${fed.system.baseUrl}/timeshift/ann/a/60/${start}/${fed.channelId(news)}.ts`
    const player = await playing(url)
    const lists = await Promise.all(
      streamers().map(async (streamer) => ({ streamer, ...(await api(streamer, "/streams")).body })),
    )
    const { streamer = "", streams = [] } = lists.find(({ total }) => total === 1) ?? {}
    expect(streams[0]).toMatchObject({
      ...{ stream_type: "VOD", client_count: 1, channel_name: news },
      metadata: { type: "catchup", id: fed.channelId(news), original_channel_id: fed.channelId(news) },
    })
    const path = `/streams/${encodeURIComponent(streams[0].stream_id)}`
    expect((await api(streamer, path, "DELETE")).status).toBe(200)
    await player.ended
    expect((await api(streamer, path)).status).toBe(404)
  }, 60_000)

  it("says what is wrong with a request", async () => {
    const [streamer = ""] = streamers()
    const paths = [
      ["GET", "/streams"],
      ["GET", "/streams/1"],
      ["GET", "/streams/by-metadata?field=id&value=1"],
      ["DELETE", "/streams/1"],
      ["POST", "/streams/1/failover"],
    ] as const
    for (const prefix of ["", "/m3u-proxy"])
      for (const [method, path] of paths) {
        const without = await answers.ask(`${streamer}${prefix}${path}?x-api-token=${adminToken}`, {}, method)
        expect([without.status, without.body.error.code]).toEqual([401, "unauthorized"])
        const wrong = await answers.ask(`${streamer}${prefix}${path}`, { "x-api-token": "wrong" }, method)
        expect([wrong.status, wrong.body.error.code]).toEqual([403, "forbidden"])
      }
    for (const [method, path] of [
      ["GET", "/streams/1"],
      ["DELETE", "/streams/1"],
      ["DELETE", "/streams/by-metadata?field=id&value=1"],
      ["POST", "/streams/1/failover"],
    ] as const) {
      const { status, body } = await api(streamer, path, method)
      expect([status, body.error.code]).toEqual([404, "not_found"])
    }
    for (const query of ["", "field=id", "value=1", "field=url&value=1", "field=id&value=1&active_only=x"]) {
      const { status, body } = await api(streamer, `/streams/by-metadata?${query}`)
      expect([status, body.error.code]).toEqual([400, "bad_request"])
    }
  })
})

describe("no answer", () => {
  it("has the provider's address or credentials in it", () => {
    expect(answers.texts.length).toBeGreaterThan(100)
    const all = [...answers.texts, JSON.stringify(fed.system.logs)].join("\n")
    for (const secret of fed.secrets) expect(all).not.toContain(secret)
  })
})
