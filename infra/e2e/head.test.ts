import { mkdtemp, rm } from "node:fs/promises"
import { type IncomingHttpHeaders, request } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { buffer } from "node:stream/consumers"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { demoMovie } from "../local/demo-provider/channels.ts"
import type { DemoProvider } from "../local/demo-provider/start-demo-provider.ts"
import { writeConfig } from "./system/config.ts"
import { startTestProvider } from "./system/demo.ts"
import { type System, startSystem } from "./system/start-system.ts"

let provider: DemoProvider
let system: System
let folder: string
/** Ids by which players ask. */
const ids = { channel: "", movie: "", series: "", episode: "" }

type Row = Record<string, unknown>
const list = async (action: string) =>
  (await fetch(`${system.baseUrl}/player_api.php?username=ann&password=a&action=${action}`)).json()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tributary-head-"))
  provider = await startTestProvider({ accounts: [{ username: "one", password: "s3cret-pw" }] })
  const config = await writeConfig(folder, {
    sources: [{ id: "acme", type: "xtream", url: provider.url, username: "one", password: "s3cret-pw" }],
    viewers: [{ username: "ann", password: "a" }],
  })
  system = await startSystem({ environment: { CONFIG_FILE: config } })
  const named = async (action: string, name: string) =>
    ((await list(action)) as Row[]).find((row) => String(row.name).startsWith(name))
  ids.channel = String((await named("get_live_streams", "Tributary News HD"))?.stream_id)
  ids.movie = String((await named("get_vod_streams", demoMovie.name))?.stream_id)
  const [series] = (await list("get_series")) as Row[]
  ids.series = String(series?.series_id)
  const { episodes } = (await list(`get_series_info&series_id=${ids.series}`)) as {
    episodes: Record<string, Row[]>
  }
  ids.episode = String(Object.values(episodes)[0]?.[0]?.id)
}, 180_000)

afterAll(async () => {
  await system?.close()
  await provider?.close()
  await rm(folder, { recursive: true, force: true })
})

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

/** An answer as it comes, neither unpacked nor followed. */
function ask(method: string, path: string, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(`${system.baseUrl}${path}`, { method, headers, agent: false }, (response) => {
      const { statusCode: status = 0, headers } = response
      buffer(response).then((body) => resolve({ status, headers, body }), reject)
    })
      .on("error", reject)
      .end()
  })
}

// What is of the connection or of the moment; a length need not be said of a body that is not sent (RFC 9110 9.3.2).
const ofTheMoment = ["connection", "keep-alive", "date", "transfer-encoding", "content-length"]

/** What of an answer must be the same for GET and HEAD. A ticket is another one each time. */
function alike({ status, headers }: Answer) {
  const { location, ...rest } = Object.fromEntries(
    Object.entries(headers).filter(([name]) => !ofTheMoment.includes(name)),
  )
  const shape = String(location ?? "").replace(/\/[\w-]+\.[\w-]+\.[\w-]+(?=\.\w+$|$)/, "/{ticket}")
  return { status, location: shape, ...rest }
}

const who = "username=ann&password=a"
const start = () => Math.floor(Date.now() / 60_000) * 60 - 2 * 3600
/** Every public address (CONTRACT.md), in the order of that table, as a player of ann's asks for it. */
const addresses: [what: string, path: () => string, status: number][] = [
  ["playlist", () => `/playlist.m3u8?${who}`, 200],
  ["playlist of HLS", () => `/playlist.m3u8?output=m3u8&${who}`, 200],
  ["playlist of a group", () => `/news/playlist.m3u8?${who}`, 200],
  ["channel", () => `/stream/${ids.channel}?${who}`, 302],
  ["channel as MPEG-TS", () => `/stream/${ids.channel}.ts?${who}`, 302],
  ["channel as HLS", () => `/stream/${ids.channel}.m3u8?${who}`, 302],
  ["channel by its name", () => `/stream/Tributary%20News%20HD.ts?${who}`, 302],
  ["get.php", () => `/get.php?${who}&type=m3u_plus&output=ts`, 200],
  ["get.php without attributes", () => `/get.php?${who}&type=m3u`, 200],
  ["player_api.php", () => `/player_api.php?${who}`, 200],
  ["player_api.php's channels", () => `/player_api.php?${who}&action=get_live_streams`, 200],
  [
    "player_api.php's guide",
    () => `/player_api.php?${who}&action=get_short_epg&stream_id=${ids.channel}`,
    200,
  ],
  ["player_api.php's movie", () => `/player_api.php?${who}&action=get_vod_info&vod_id=${ids.movie}`, 200],
  [
    "player_api.php's series",
    () => `/player_api.php?${who}&action=get_series_info&series_id=${ids.series}`,
    200,
  ],
  ["panel_api.php", () => `/panel_api.php?${who}`, 200],
  ["xmltv.php", () => `/xmltv.php?${who}`, 200],
  ["Xtream's channel", () => `/live/ann/a/${ids.channel}.ts`, 302],
  ["Xtream's channel as HLS", () => `/live/ann/a/${ids.channel}.m3u8`, 302],
  ["Xtream's short address", () => `/ann/a/${ids.channel}`, 302],
  ["Xtream's movie", () => `/movie/ann/a/${ids.movie}.mp4`, 302],
  ["Xtream's episode", () => `/series/ann/a/${ids.episode}.mp4`, 302],
  ["Xtream's past", () => `/timeshift/ann/a/60/${start()}/${ids.channel}.ts`, 302],
  [
    "the past by query",
    () => `/streaming/timeshift.php?${who}&stream=${ids.channel}&start=${start()}&duration=60`,
    302,
  ],
  ["guide", () => `/guide.xml?${who}`, 200],
  ["packed guide", () => `/guide.xml.gz?${who}`, 200],
  ["tuner", () => "/hdhr/ann/a/discover.json", 200],
  ["tuner's lineup", () => "/hdhr/ann/a/lineup.json", 200],
  ["tuner's status", () => "/hdhr/ann/a/lineup_status.json", 200],
  ["tuner's description", () => "/hdhr/ann/a/device.xml", 200],
  ["health", () => "/health", 200],
  ["logo", () => `/logo/${ids.channel}`, 302],
  ["refused playlist", () => "/playlist.m3u8", 401],
  ["refused channel", () => `/stream/${ids.channel}.ts`, 401],
  ["unknown channel", () => `/stream/999999999.ts?${who}`, 404],
  ["unreadable past", () => `/timeshift/ann/a/{duration}/{start}/${ids.channel}.ts`, 400],
]

describe("HEAD is answered as GET, without a body", () => {
  it.each(addresses)("%s", async (_, path, status) => {
    for (const encoding of ["identity", "gzip"]) {
      const headers = { "accept-encoding": encoding }
      const head = await ask("HEAD", path(), headers)
      const get = await ask("GET", path(), headers)
      expect(head.status, path()).toBe(status)
      expect(alike(head)).toEqual(alike(get))
      expect(head.body).toHaveLength(0)
      if (status === 302) expect(get.body, encoding).toHaveLength(0)
      else expect(get.body.length).toBeGreaterThan(0)
    }
  })

  it("and opens no connection to the provider", () => {
    expect(provider.connections().open).toEqual([])
    expect(provider.connections().accounts.one?.opened ?? 0).toBe(0)
  })
})
