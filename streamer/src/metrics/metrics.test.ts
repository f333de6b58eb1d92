import { setImmediate } from "node:timers/promises"
import { deriveKeys } from "@tributary/shared/secrets/keys"
import { tierAuthorization } from "@tributary/shared/secrets/tier-token"
import { Hono } from "hono"
import { describe, expect, it } from "vitest"
import { FakeStream, playbackOf, reportOf, viewer } from "../streams-api/stream-fixture.ts"
import { Metrics, type MetricsSight } from "./metrics.ts"
import { serveMetrics } from "./serve-metrics.ts"

const profiles = [
  { source: "acme", profile: "primary" },
  { source: "acme", profile: "b" },
]
const see = (metrics: Metrics, sight: Partial<MetricsSight>) =>
  metrics.text({
    ...{ streams: [], playbacks: [], transcodes: [], hlsSessions: 0, profiles, beatAgeSeconds: 1.5 },
    ...sight,
  })
const read = (metrics: Metrics, ...streams: FakeStream[]) => see(metrics, { streams })

/** The values of a metric by its labels as they are written. */
function valuesOf(text: string, name: string): Record<string, number> {
  const lines = [...text.matchAll(new RegExp(`^${name}(?:\\{(.*)\\})? (\\S+)$`, "gm"))]
  return Object.fromEntries(lines.map(([, labels = "", value]) => [labels, Number(value)]))
}

describe("what runs now", () => {
  it("counts connections by source and profile, with 0 for those that are free", async () => {
    const metrics = new Metrics()
    const streams = [
      new FakeStream(),
      new FakeStream({ id: "102", state: "failing" }),
      new FakeStream({ id: "103", relay: "s2", viewers: [viewer("a"), viewer("b")] }),
      new FakeStream({
        id: "104",
        state: "idle",
        source: "other",
        viewers: [viewer("c", { isRelay: true })],
      }),
    ]
    const text = await read(metrics, ...streams)
    expect(valuesOf(text, "iptv_proxy_active_connections")).toEqual({
      'source="acme",profile="primary"': 1,
      'source="acme",profile="b"': 0,
      'source="other",profile="primary"': 1,
    })
    expect(valuesOf(text, "tributary_leases_held")).toMatchObject({ 'source="acme",profile="primary"': 2 })
    expect(valuesOf(text, "iptv_proxy_clients_connected")).toEqual({ "": 4 })
    expect(valuesOf(text, "tributary_streams")).toEqual({
      ...{ 'state="live"': 2, 'state="idle"': 1 },
      ...{ 'state="failing"': 1, 'state="closing"': 0 },
    })
    expect(valuesOf(text, "tributary_streams_relayed")).toEqual({ "": 1 })
    expect(valuesOf(text, "tributary_relays_connected")).toEqual({ "": 1 })
    expect(valuesOf(text, "tributary_heartbeat_age_seconds")).toEqual({ "": 1.5 })
    const after = await read(metrics)
    expect(valuesOf(after, "iptv_proxy_active_connections")).toEqual({
      'source="acme",profile="primary"': 0,
      'source="acme",profile="b"': 0,
    })
  })

  it("counts playbacks by kind, and their connections, leases and players with those of live streams", async () => {
    const playbacks = [
      playbackOf({ viewers: [viewer("one"), viewer("one"), viewer("one")] }),
      playbackOf({ id: "202~owner", kind: "catchup", profile: "b", state: "idle", viewers: [] }),
      playbackOf({ id: "203~owner", kind: "movie", source: "other" }),
    ]
    const metrics = new Metrics()
    const text = await see(metrics, { streams: [new FakeStream()], playbacks })
    expect(valuesOf(text, "tributary_playbacks")).toEqual({
      ...{ 'kind="movie"': 2, 'kind="episode"': 0, 'kind="catchup"': 1 },
    })
    expect(valuesOf(text, "iptv_proxy_active_connections")).toEqual({
      'source="acme",profile="primary"': 2,
      'source="acme",profile="b"': 0,
      'source="other",profile="primary"': 1,
    })
    expect(valuesOf(text, "tributary_leases_held")).toEqual({
      'source="acme",profile="primary"': 2,
      'source="acme",profile="b"': 1,
      'source="other",profile="primary"': 1,
    })
    // Who reads a film in three places is one player.
    expect(valuesOf(text, "iptv_proxy_clients_connected")).toEqual({ "": 3 })
    expect(valuesOf(await read(metrics), "tributary_playbacks")).toMatchObject({ 'kind="movie"': 0 })
  })

  it("counts transcodes and their viewers by the profile that asked first, and HLS sessions", async () => {
    const transcode = (profile: string, count: number, state: "running" | "closing" = "running") => {
      const viewers = Array.from({ length: count }, () => ({ bytesSent: 0, moves: 0 }))
      return { report: () => ({ profiles: [profile, "of the same recipe"], state, viewers }) }
    }
    const transcodes = [transcode("720p", 2), transcode("720p", 1), transcode("480p", 0)]
    const metrics = new Metrics()
    const text = await see(metrics, {
      transcodes: [...transcodes, transcode("closing", 1, "closing")],
      hlsSessions: 4,
    })
    expect(valuesOf(text, "tributary_transcodes")).toEqual({
      ...{ 'transcode="720p"': 2, 'transcode="480p"': 1 },
    })
    expect(valuesOf(text, "tributary_transcode_viewers")).toEqual({
      ...{ 'transcode="720p"': 3, 'transcode="480p"': 0 },
    })
    expect(valuesOf(text, "tributary_hls_sessions")).toEqual({ "": 4 })
    expect(valuesOf(await read(metrics), "tributary_transcodes")).toEqual({})
  })

  it("shows every name before anything has happened", async () => {
    const text = await read(new Metrics())
    for (const name of [
      "iptv_proxy_active_connections gauge",
      "iptv_proxy_bytes_transferred counter",
      "iptv_proxy_stream_errors counter",
      "iptv_proxy_clients_connected gauge",
      "tributary_transcodes gauge",
      "tributary_transcode_viewers gauge",
      "tributary_ffmpeg_restarts_total counter",
      "tributary_playbacks gauge",
      "tributary_playback_bytes_total counter",
      "tributary_hls_sessions gauge",
      "tributary_first_bytes_seconds histogram",
    ])
      expect(text).toContain(`# TYPE ${name}\n`)
  })
})

describe("bytes", () => {
  const bytes = async (metrics: Metrics, ...streams: FakeStream[]) =>
    valuesOf(await read(metrics, ...streams), "iptv_proxy_bytes_transferred")

  it("are counted once, however often they are read", async () => {
    const metrics = new Metrics()
    const stream = new FakeStream({ bytesReceived: 100, bytesSent: 500 })
    await read(metrics, stream)
    stream.report = () => reportOf({ bytesReceived: 150, bytesSent: 700 })
    await read(metrics, stream)
    expect(await bytes(metrics, stream)).toEqual({
      'direction="received",source="acme"': 150,
      'direction="sent",source="acme"': 700,
    })
  })

  it("of a stream that came and went between two looks are counted", async () => {
    const metrics = new Metrics()
    const stream = new FakeStream({ bytesReceived: 0, bytesSent: 0 })
    metrics.events.streamOpened(stream)
    stream.report = () => reportOf({ bytesReceived: 1000, bytesSent: 2000 })
    await stream.close("idle")
    await setImmediate()
    expect(await bytes(metrics)).toMatchObject({ 'direction="received",source="acme"': 1000 })
    // Its successor of the same id begins at 0.
    const next = new FakeStream({ bytesReceived: 10, bytesSent: 10 })
    expect(await bytes(metrics, next)).toMatchObject({ 'direction="received",source="acme"': 1010 })
  })

  it("are those of the source that they came from, over a failover", async () => {
    const metrics = new Metrics()
    const stream = new FakeStream({ bytesReceived: 0, bytesSent: 0 })
    metrics.events.streamOpened(stream)
    stream.report = () => reportOf({ bytesReceived: 1000, bytesSent: 0 })
    metrics.events.streamFailed({ key: "101", source: "acme", code: "stalled" })
    stream.report = () => reportOf({ source: "backup", bytesReceived: 1000, bytesSent: 0 })
    metrics.events.failedOver({ source: "acme", code: "stalled", milliseconds: 400 })
    await read(metrics, stream)
    stream.report = () => reportOf({ source: "backup", bytesReceived: 1300, bytesSent: 0 })
    const text = await read(metrics, stream)
    expect(valuesOf(text, "iptv_proxy_bytes_transferred")).toEqual({
      'direction="received",source="acme"': 1000,
      'direction="received",source="backup"': 300,
    })
    expect(valuesOf(text, "iptv_proxy_stream_errors")).toEqual({ 'code="stalled",source="acme"': 1 })
    expect(valuesOf(text, "tributary_failovers_total")).toEqual({ 'code="stalled",source="acme"': 1 })
    expect(valuesOf(text, "tributary_failover_seconds_sum")).toEqual({ "": 0.4 })
  })

  it("of a film are counted with all others, and by what it is, until it is over", async () => {
    const metrics = new Metrics()
    let report = playbackOf({ bytesReceived: 100, bytesSent: 90 })
    const { promise: closed, resolve: close } = Promise.withResolvers<void>()
    const film = { report: () => report, closed }
    // Each request tells of it.
    for (let request = 0; request < 3; request++) metrics.events.streamOpened(film)
    const first = await see(metrics, { playbacks: [report] })
    expect(valuesOf(first, "tributary_playback_bytes_total")).toEqual({
      'direction="received",kind="movie"': 100,
      'direction="sent",kind="movie"': 90,
    })
    report = playbackOf({ bytesReceived: 500, bytesSent: 400 })
    close()
    await setImmediate()
    const text = await see(metrics, {})
    expect(valuesOf(text, "tributary_playback_bytes_total")).toEqual({
      'direction="received",kind="movie"': 500,
      'direction="sent",kind="movie"': 400,
    })
    expect(valuesOf(text, "iptv_proxy_bytes_transferred")).toEqual({
      'direction="received",source="acme"': 500,
      'direction="sent",source="acme"': 400,
    })
  })

  it("from another streamer are not counted as the provider's", async () => {
    const stream = new FakeStream({ relay: "s2", bytesReceived: 70, bytesSent: 0 })
    expect(await bytes(new Metrics(), stream)).toEqual({ 'direction="relayed",source="acme"': 70 })
  })
})

describe("what happens", () => {
  it("is counted", async () => {
    const metrics = new Metrics()
    const { events } = metrics
    events.viewerJoined()
    events.viewerJoined()
    events.viewerLeft("left")
    events.viewerLeft("took-nothing")
    events.viewerMoved()
    events.firstKeyframe("opened", 250)
    events.firstKeyframe("joined", 40)
    events.firstBytes({ output: "transcode", how: "opened" }, 800)
    events.firstBytes({ output: "hls", how: "joined" }, 30)
    events.ffmpegRestarted("failed")
    events.ffmpegRestarted("failed")
    events.ffmpegRestarted("input-changed")
    events.filled("slate", 1500)
    events.streamFailed({ key: "not open", source: "acme", code: "refused" })
    const text = await read(metrics)
    expect(valuesOf(text, "tributary_viewers_joined_total")).toEqual({ "": 2 })
    expect(valuesOf(text, "tributary_viewers_left_total")).toEqual({
      'how="left"': 1,
      'how="took-nothing"': 1,
    })
    expect(valuesOf(text, "tributary_viewer_moves_total")).toEqual({ "": 1 })
    expect(valuesOf(text, "tributary_first_keyframe_seconds_sum")).toEqual({
      'how="opened"': 0.25,
      'how="joined"': 0.04,
    })
    expect(valuesOf(text, "tributary_first_bytes_seconds_sum")).toEqual({
      'output="transcode",how="opened"': 0.8,
      'output="hls",how="joined"': 0.03,
    })
    expect(valuesOf(text, "tributary_ffmpeg_restarts_total")).toEqual({
      ...{ 'why="failed"': 2, 'why="input-changed"': 1 },
    })
    expect(valuesOf(text, "tributary_filler_seconds_total")).toEqual({ 'filler="slate"': 1.5 })
    expect(valuesOf(text, "iptv_proxy_stream_errors")).toEqual({ 'code="refused",source="acme"': 1 })
  })

  it("to the store is timed, and its failures counted and handed on", async () => {
    const metrics = new Metrics()
    let isAway = false
    const run = metrics.observeStore(async () => {
      if (isAway) throw new Error("away")
      return "reply"
    })
    expect(await run("beat", [], [])).toBe("reply")
    isAway = true
    await expect(run("beat", [], [])).rejects.toThrow("away")
    const text = await read(metrics)
    expect(valuesOf(text, "tributary_store_errors_total")).toEqual({ 'script="beat"': 1 })
    expect(valuesOf(text, "tributary_store_seconds_count")).toEqual({ 'script="beat"': 2 })
  })
})

describe("GET /metrics", async () => {
  const keys = await deriveKeys("a secret for tests, which is long enough")
  const tier = await tierAuthorization(keys, "streamer-internal", Date.now() / 1000)
  const ask = (metricsToken: string | null, apiToken: string | null, authorization?: string) => {
    const options = {
      ...{ keys, metrics: new Metrics(), pool: { streams: new Map() }, config: { sources: new Map() } },
      ...{ vod: { reports: () => [] }, transcodes: { transcodes: new Map() }, hls: { size: 0 } },
      ...{ tokens: { metricsToken, apiToken }, lastBeatAt: () => 0, now: Date.now },
    }
    const app = new Hono().get("/metrics", (context) => serveMetrics(options, context))
    return app.request("/metrics", authorization === undefined ? {} : { headers: { authorization } })
  }

  it("is open where there is no token", async () => {
    for (const authorization of [undefined, "Bearer anything", tier])
      expect((await ask(null, "api", authorization)).status).toBe(200)
    const response = await ask(null, null)
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8")
    expect(response.headers.get("cache-control")).toBe("no-store")
    expect(await response.text()).toContain("iptv_proxy_clients_connected 0\n")
  })

  it("lets in whoever has its token, the API's or the tier's", async () => {
    for (const authorization of ["Bearer scrape", "bearer scrape", "Bearer api", tier])
      expect((await ask("scrape", "api", authorization)).status).toBe(200)
    for (const authorization of [undefined, "Bearer wrong", "scrape", "Basic scrape", "Bearer null"]) {
      const response = await ask("scrape", null, authorization)
      expect(response.status).toBe(401)
      expect(await response.json()).toMatchObject({ error: { code: "unauthorized" } })
    }
  })
})
