import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { playing } from "./player/playing.ts"
import { watchingMovie } from "./player/slow-movie.ts"
import { eventually } from "./system/eventually.ts"
import { type FedTwice, startFedTwice } from "./system/fed-twice.ts"
import { NotedAnswers } from "./system/noted-answers.ts"
import { entryNamed, fetchPlaylist } from "./system/playlist.ts"

const news = "Tributary News HD"
const cinema = "Fractal Cinema"
const adminToken = "the-admin-token"
const metricsToken = "the-metrics-token"
const answers = new NotedAnswers()

let fed: FedTwice
beforeAll(async () => {
  fed = await startFedTwice({ ADMIN_TOKEN: adminToken, METRICS_TOKEN: metricsToken })
}, 180_000)
afterAll(() => fed?.close())

const streamers = () => fed.system.ports.streamers.map((port) => `http://127.0.0.1:${port}`)
const urlOf = (name: string) => entryNamed(fed.entries, name).url

/** The sum of a metric's values over all its labels. */
const total = (text: string, name: string, labels = "") =>
  [...text.matchAll(new RegExp(`^${name}(?:\\{([^}]*)\\})? (\\S+)$`, "gm"))]
    .filter(([, found = ""]) => found.includes(labels))
    .reduce((sum, [, , value]) => sum + Number(value), 0)
const metricsOf = (url: string, token: string) =>
  answers.ask(`${url}/metrics`, { authorization: `Bearer ${token}` }).then(({ text }) => text)

// Each test begins with nothing live.
beforeEach(async () => {
  await eventually(
    async () =>
      Promise.all(
        streamers().map(
          async (one) => (await answers.ask(`${one}/streams`, { "x-api-token": adminToken })).body.total,
        ),
      ),
    (totals) => totals.every((count) => count === 0),
    20_000,
  )
})

describe("the metrics", () => {
  it("of a streamer and their sum at the edge count what plays", async () => {
    await playing(urlOf(news))
    await playing(urlOf(cinema))
    const each = () => Promise.all(streamers().map((one) => metricsOf(one, metricsToken)))
    const texts = await each()
    const summed = await metricsOf(fed.system.baseUrl, metricsToken)
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
    await watchingMovie(fed)
    await playing(`${urlOf(news)}&profile=copy`)
    const query = "username=ann&password=a&output=m3u8"
    const links = await fetchPlaylist(`${fed.system.baseUrl}/playlist.m3u8?${query}`)
    const list = await fetch(entryNamed(links, cinema).url)
    const [segment = ""] = (await list.text()).split("\n").filter((line) => /^[^#]/.test(line))
    expect((await fetch(new URL(segment, list.url))).status).toBe(200)
    const summed = await eventually(
      () => metricsOf(fed.system.baseUrl, metricsToken),
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
    for (const pid of await fed.system.processes("ffmpeg")) process.kill(pid, "SIGKILL")
    const restarts = await eventually(
      async () => total(await metricsOf(fed.system.baseUrl, metricsToken), "tributary_ffmpeg_restarts_total"),
      (count) => count > 0,
      10_000,
    )
    expect(restarts).toBe(1)
  }, 90_000)

  it("are for those who have their token, or the admin's", async () => {
    for (const url of [fed.system.baseUrl, ...streamers()]) {
      for (const token of [metricsToken, adminToken])
        expect(await metricsOf(url, token)).toContain("iptv_proxy_clients_connected 0\n")
      expect((await answers.ask(`${url}/metrics`)).status).toBe(401)
      expect((await answers.ask(`${url}/metrics`, { authorization: "Bearer wrong" })).status).toBe(401)
    }
  })

  it("go on when a streamer does not, and say so", async () => {
    const [pid = 0] = await fed.system.processes("streamer/src/main.ts")
    process.kill(pid, "SIGSTOP")
    try {
      const text = await metricsOf(fed.system.baseUrl, metricsToken)
      expect(total(text, "tributary_streamers_unreachable")).toBe(1)
      expect(text).toContain("iptv_proxy_clients_connected 0\n")
    } finally {
      process.kill(pid, "SIGCONT")
    }
  }, 30_000)
})

describe("no answer", () => {
  it("has the provider's address or credentials in it", () => {
    expect(answers.texts.length).toBeGreaterThan(40)
    const all = [...answers.texts, JSON.stringify(fed.system.logs)].join("\n")
    for (const secret of fed.secrets) expect(all).not.toContain(secret)
  })
})
