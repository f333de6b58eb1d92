import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest"
import { demoMovie } from "../local/demo-provider/channels.ts"
import type { DemoProvider } from "../local/demo-provider/start-demo-provider.ts"
import { openPlayer, type Player } from "./player/play.ts"
import { writeConfig } from "./system/config.ts"
import { startTestProvider } from "./system/demo.ts"
import { eventually } from "./system/eventually.ts"
import { entryNamed, fetchPlaylist, type PlaylistEntry } from "./system/playlist.ts"
import { type System, startSystem } from "./system/start-system.ts"

const news = "Tributary News HD"
const cinema = "Fractal Cinema"
const first = { username: "panel-user-1", password: "s3cret-pw-1" }
const second = { username: "panel-user-2", password: "s3cret-pw-2" }
const adminToken = "the-admin-token"
const metricsToken = "the-metrics-token"

let provider: DemoProvider
let system: System
let folder: string
let entries: PlaylistEntry[]
/** All that anybody was answered, to look for secrets in. */
const answers: string[] = []

interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: what it is is what the tests say.
  body: any
  text: string
}

async function ask(url: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
  const response = await fetch(url, { headers, method })
  const text = await response.text()
  answers.push(text, JSON.stringify([...response.headers]))
  const isJson = response.headers.get("content-type")?.startsWith("application/json")
  return { status: response.status, text, body: isJson ? JSON.parse(text) : null }
}
const streamers = () => system.ports.streamers.map((port) => `http://127.0.0.1:${port}`)
const withToken = { "x-api-token": adminToken }
const api = (streamer: string, path: string, method = "GET") => ask(`${streamer}${path}`, withToken, method)
const channelId = (name: string) => /stream\/(\d+)/.exec(entryNamed(entries, name).url)?.[1] ?? ""

/** A player that has a picture, and is gone when its test ends. */
async function playing(name: string): Promise<Player> {
  const player = openPlayer(entryNamed(entries, name).url)
  onTestFinished(async () => void (await player.close()))
  await player.waitFor(({ keyframes }) => keyframes > 0, 15_000)
  return player
}

/** A viewer of the demo provider's movie, which comes so slowly that it is still under way; gone when its test ends. */
async function watchingMovie(): Promise<{ streamer: string; ended: Promise<"whole" | "broken"> }> {
  provider.setFault(demoMovie.id, { kind: "slow", bytesPerSecond: 40_000, afterBytes: 100_000 })
  const gone = new AbortController()
  onTestFinished(() => {
    gone.abort()
    provider.clearFaults()
  })
  const { url } = entryNamed(entries, `${demoMovie.name} (${demoMovie.year})`)
  const response = await fetch(url, { signal: gone.signal })
  expect(response.status).toBe(200)
  const ended = response.arrayBuffer().then(
    () => "whole" as const,
    () => "broken" as const,
  )
  return { streamer: new URL(response.url).origin, ended }
}

/** The streamer that a channel is live on. */
async function streamerOf(name: string): Promise<string> {
  for (const streamer of streamers())
    if ((await api(streamer, `/streams/${channelId(name)}`)).status === 200) return streamer
  throw new Error(`${name} is not live`)
}

/** The sum of a metric's values over all its labels. */
const total = (text: string, name: string, labels = "") =>
  [...text.matchAll(new RegExp(`^${name}(?:\\{([^}]*)\\})? (\\S+)$`, "gm"))]
    .filter(([, found = ""]) => found.includes(labels))
    .reduce((sum, [, , value]) => sum + Number(value), 0)
const metricsOf = (url: string, token: string) =>
  ask(`${url}/metrics`, { authorization: `Bearer ${token}` }).then(({ text }) => text)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tributary-streams-api-"))
  provider = await startTestProvider({
    accounts: [
      { ...first, maxConnections: 3 },
      { ...second, maxConnections: 3 },
    ],
  })
  // The same channels twice: each has a feed of both.
  const config = await writeConfig(folder, {
    sources: [
      { id: "acme", type: "xtream", url: provider.url, ...first, order: 1 },
      { id: "backup", type: "xtream", url: provider.url, ...second, order: 2 },
    ],
    viewers: [{ username: "ann", password: "a" }],
  })
  system = await startSystem({
    streamers: 2,
    environment: {
      ...{ CONFIG_FILE: config, POOL_GRACE: "2s" },
      ...{ ADMIN_TOKEN: adminToken, METRICS_TOKEN: metricsToken },
    },
  })
  entries = await fetchPlaylist(system.playlistUrl)
}, 180_000)

afterAll(async () => {
  await system?.close()
  await provider?.close()
  await rm(folder, { recursive: true, force: true })
})

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
    await Promise.all([playing(news), playing(news)])
    const streamer = await streamerOf(news)
    const id = channelId(news)
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
    await playing(news)
    const streamer = await streamerOf(news)
    const { body } = await eventually(
      () => api(streamer, `/streams/${channelId(news)}`),
      (answer) => answer.body.stream.codec !== null,
      10_000,
    )
    expect(body.stream).toMatchObject({
      ...{ codec: "h264", resolution: "640x360" },
      video: { codec: "h264", width: 640, height: 360 },
    })
  }, 60_000)

  it("finds streams by what they are, also below /m3u-proxy", async () => {
    await playing(news)
    const streamer = await streamerOf(news)
    for (const prefix of ["", "/m3u-proxy"]) {
      const by = async (query: string) => (await api(streamer, `${prefix}/streams/by-metadata?${query}`)).body
      const found = await by(`field=original_channel_id&value=${channelId(news)}&active_only=true`)
      expect(found).toMatchObject({
        filter: { field: "original_channel_id", value: channelId(news) },
        ...{ active_only: true, total_matching: 1, total_clients: 1 },
      })
      expect(found.matching_streams[0]).toMatchObject({ stream_id: channelId(news), url: "[redacted]" })
      expect(await by("field=playlist_uuid&value=acme")).toMatchObject({ total_matching: 1 })
      expect(await by("field=provider_profile_id&value=primary")).toMatchObject({ total_matching: 1 })
      expect(await by("field=playlist_uuid&value=backup")).toMatchObject({ total_matching: 0 })
      expect((await api(streamer, `${prefix}/streams`)).body.total).toBe(1)
      expect((await api(streamer, `${prefix}/streams/${channelId(news)}`)).status).toBe(200)
    }
  }, 60_000)

  it("shows an idle stream only to those who ask for it", async () => {
    const player = await playing(news)
    const streamer = await streamerOf(news)
    await player.close()
    const by = async (activeOnly: boolean) => {
      const query = `field=id&value=${channelId(news)}&active_only=${activeOnly}`
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
    const players = await Promise.all([playing(news), playing(news)])
    const streamer = await streamerOf(news)
    const stopped = await api(streamer, `/streams/${channelId(news)}`, "DELETE")
    expect(stopped).toMatchObject({ status: 200, body: { stream_id: channelId(news) } })
    for (const player of players) expect((await player.ended).ended).toBe("end")
    await eventually(
      () => provider.connections().accounts[first.username]?.active,
      (active) => active === 0,
      2_000,
    )
    expect((await api(streamer, `/streams/${channelId(news)}`)).status).toBe(404)
  }, 60_000)

  it("goes to the next feed on demand, and drops nobody", async () => {
    const player = await playing(news)
    const streamer = await streamerOf(news)
    const path = `/streams/${channelId(news)}`
    expect((await api(streamer, `${path}/failover`, "POST")).status).toBe(200)
    const { body } = await eventually(
      () => api(streamer, path),
      (answer) =>
        answer.body.stream?.metadata.playlist_uuid === "backup" && answer.body.stream.state === "live",
      15_000,
    )
    expect(body.stream).toMatchObject({
      failovers: 1,
      metadata: { is_failover: "true", original_playlist_uuid: "acme", original_channel_id: channelId(news) },
    })
    const { packets } = player.report()
    await player.waitFor((report) => report.packets > packets + 200, 10_000)
    expect(player.report()).toMatchObject({ ended: null, ccErrors: 0 })
  }, 60_000)

  it("shows a movie that is played, and stops it", async () => {
    const { streamer, ended } = await watchingMovie()
    const { body } = await eventually(
      () => api(streamer, "/streams"),
      (answer) => answer.body.streams[0]?.total_bytes_served > 100_000,
      10_000,
    )
    const name = `${demoMovie.name} (${demoMovie.year})`
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
      metadata: { type: "movie", playlist_uuid: "acme", provider_profile_id: "primary", channel_name: name },
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
    expect(provider.connections().accounts[first.username]?.active).toBe(0)
  }, 60_000)

  it("shows a channel's past that is played, and stops it", async () => {
    const start = Math.floor(Date.now() / 3_600_000) * 3_600 - 5 * 3_600
    const url = `${system.baseUrl}/timeshift/ann/a/60/${start}/${channelId(news)}.ts`
    const player = openPlayer(url)
    onTestFinished(async () => void (await player.close()))
    await player.waitFor(({ keyframes }) => keyframes > 0, 15_000)
    const lists = await Promise.all(
      streamers().map(async (streamer) => ({ streamer, ...(await api(streamer, "/streams")).body })),
    )
    const { streamer = "", streams = [] } = lists.find(({ total }) => total === 1) ?? {}
    expect(streams[0]).toMatchObject({
      ...{ stream_type: "VOD", client_count: 1, channel_name: news },
      metadata: { type: "catchup", id: channelId(news), original_channel_id: channelId(news) },
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
        const without = await ask(`${streamer}${prefix}${path}?x-api-token=${adminToken}`, {}, method)
        expect([without.status, without.body.error.code]).toEqual([401, "unauthorized"])
        const wrong = await ask(`${streamer}${prefix}${path}`, { "x-api-token": "wrong" }, method)
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

describe("the metrics", () => {
  it("of a streamer and their sum at the edge count what plays", async () => {
    await playing(news)
    await playing(cinema)
    const each = () => Promise.all(streamers().map((one) => metricsOf(one, metricsToken)))
    const texts = await each()
    const summed = await metricsOf(system.baseUrl, metricsToken)
    for (const name of [
      "iptv_proxy_active_connections",
      "iptv_proxy_bytes_transferred",
      "iptv_proxy_stream_errors",
      "iptv_proxy_clients_connected",
      "tributary_streams",
      "nodejs_eventloop_lag_p99_seconds",
    ])
      for (const text of [...texts, summed]) expect(text).toMatch(new RegExp(`^# TYPE ${name} `, "m"))
    for (const name of ["iptv_proxy_active_connections", "iptv_proxy_clients_connected"]) {
      expect(texts.reduce((sum, text) => sum + total(text, name), 0)).toBe(2)
      expect(total(summed, name)).toBe(2)
    }
    expect(total(summed, "iptv_proxy_active_connections", 'source="acme"')).toBe(2)
    expect(total(summed, "tributary_streams", 'state="live"')).toBe(2)
    expect(total(summed, "tributary_streamers")).toBe(2)
    expect(total(summed, "tributary_streamers_unreachable")).toBe(0)
    const received = total(summed, "iptv_proxy_bytes_transferred", 'direction="received",source="acme"')
    expect(received).toBeGreaterThan(20_000)
    const more = total((await each()).join("\n"), "iptv_proxy_bytes_transferred", 'direction="received"')
    expect(more).toBeGreaterThanOrEqual(received)
  }, 60_000)

  it("count movies, transcodes and HLS as well, also in the sum", async () => {
    await watchingMovie()
    const transcoded = openPlayer(`${entryNamed(entries, news).url}&profile=copy`)
    onTestFinished(async () => void (await transcoded.close()))
    await transcoded.waitFor(({ keyframes }) => keyframes > 0, 15_000)
    const query = "username=ann&password=a&output=m3u8"
    const links = await fetchPlaylist(`${system.baseUrl}/playlist.m3u8?${query}`)
    const list = await fetch(entryNamed(links, cinema).url)
    const [segment = ""] = (await list.text()).split("\n").filter((line) => /^[^#]/.test(line))
    expect((await fetch(new URL(segment, list.url))).status).toBe(200)
    const summed = await eventually(
      () => metricsOf(system.baseUrl, metricsToken),
      (text) => total(text, "tributary_playback_bytes_total", 'kind="movie"') > 200_000,
      10_000,
    )
    for (const [name, labels] of [
      ["tributary_playbacks", 'kind="movie"'],
      ["tributary_transcodes", 'transcode="copy"'],
      ["tributary_transcode_viewers", 'transcode="copy"'],
      ["tributary_hls_sessions", ""],
      ["tributary_first_bytes_seconds_count", 'output="transcode"'],
      ["tributary_first_bytes_seconds_count", 'how="opened",output="hls"'],
    ] as const)
      expect([name, labels, total(summed, name, labels)]).toEqual([name, labels, 1])
    expect(total(summed, "iptv_proxy_clients_connected")).toBe(3)
    expect(total(summed, "iptv_proxy_active_connections")).toBe(3)
    expect(total(summed, "tributary_ffmpeg_restarts_total")).toBe(0)
    for (const pid of await system.processes("ffmpeg")) process.kill(pid, "SIGKILL")
    const restarts = await eventually(
      async () => total(await metricsOf(system.baseUrl, metricsToken), "tributary_ffmpeg_restarts_total"),
      (count) => count > 0,
      10_000,
    )
    expect(restarts).toBe(1)
  }, 90_000)

  it("are for those who have their token, or the admin's", async () => {
    for (const url of [system.baseUrl, ...streamers()]) {
      for (const token of [metricsToken, adminToken])
        expect(await metricsOf(url, token)).toContain("iptv_proxy_clients_connected 0\n")
      expect((await ask(`${url}/metrics`)).status).toBe(401)
      expect((await ask(`${url}/metrics`, { authorization: "Bearer wrong" })).status).toBe(401)
    }
  })

  it("go on when a streamer does not, and say so", async () => {
    const [pid = 0] = await system.processes("streamer/src/main.ts")
    process.kill(pid, "SIGSTOP")
    try {
      const text = await metricsOf(system.baseUrl, metricsToken)
      expect(total(text, "tributary_streamers_unreachable")).toBe(1)
      expect(text).toContain("iptv_proxy_clients_connected 0\n")
    } finally {
      process.kill(pid, "SIGCONT")
    }
  }, 30_000)
})

describe("no answer", () => {
  it("has the provider's address or credentials in it", () => {
    expect(answers.length).toBeGreaterThan(100)
    const all = [...answers, JSON.stringify(system.logs)].join("\n")
    const { host } = new URL(provider.url)
    for (const secret of [host, ...Object.values(first), ...Object.values(second)])
      expect(all).not.toContain(secret)
  })
})
