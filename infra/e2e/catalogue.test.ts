import { mkdtemp, rm } from "node:fs/promises"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gunzipSync, gzipSync } from "node:zlib"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { DemoProvider } from "../local/demo-provider/start-demo-provider.ts"
import { openPlayer } from "./player/play.ts"
import { writeConfig } from "./system/config.ts"
import { startTestProvider } from "./system/demo.ts"
import { eventually } from "./system/eventually.ts"
import { entryNamed, fetchPlaylist } from "./system/playlist.ts"
import { type System, startSystem } from "./system/start-system.ts"

let provider: DemoProvider
let system: System
let folder: string
let server: Server
const files = new Map<string, Buffer>()
const ann = "username=ann&password=a"
const adminToken = "e2e-admin-token"

const hour = 3_600_000
const xmltvTime = (at: number) =>
  `${new Date(at)
    .toISOString()
    .replace(/[-:T]|\.\d+Z$/g, "")
    .slice(0, 14)} +0000`
/** A guide in which each channel has one programme of an hour on now, and one after it. */
const guide = (channels: Record<string, string>) =>
  `<?xml version="1.0"?><tv>${Object.entries(channels)
    .map(([id, name]) => `<channel id="${id}"><display-name>${name}</display-name></channel>`)
    .join("")}${Object.keys(channels)
    .flatMap((id) =>
      [0, 1].map(
        (at) =>
          `<programme start="${xmltvTime(Date.now() + (at - 0.5) * hour)}" stop="${xmltvTime(Date.now() + (at + 0.5) * hour)}" channel="${id}"><title>${id} ${at === 0 ? "now" : "next"} &amp; then</title><desc>About ${id}</desc></programme>`,
      ),
    )
    .join("")}</tv>`

const many = Array.from(
  { length: 20 },
  (_, at) => `#EXTINF:-1 group-title="Many",Many ${at}\n/many/${at}.ts\n`,
)
const list = (extra = many) => `\ufeff#EXTM3U x-tvg-url="/guide.xml.gz"\r
#EXTINF:-1 tvg-id="one.uk" x-unknown="kept, as it is" group-title="News",One, the first\r
/one.ts\r
#EXTGRP:From EXTGRP\r
#EXTINF:-1,By Name\r
relative/by-name.ts|User-Agent=Special\r
#EXTINF:-1 tvg-id=unquoted,24/7 S01E01 Films\r
http://127.0.0.1:1/films.ts\r
#EXTINF:-1 group-title="Cinema",A Film\r
http://127.0.0.1:1/movie/u/p/1.mkv\r
#EXTINF:-1 group-title="Shows",A Show S01 E01\r
http://127.0.0.1:1/series/u/p/2.mp4\r
${extra.join("")}`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tributary-catalogue-"))
  server = createServer((request, response) => {
    const body = files.get(request.url ?? "")
    response.writeHead(body === undefined ? 404 : 200).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const files_ = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  files.set("/list.m3u.gz", gzipSync(list()))
  files.set("/guide.xml.gz", gzipSync(guide({ "ONE.uk": "nothing", x1: "BY name", none: "In no list" })))
  files.set("/own.xml", Buffer.from(guide({ "mine.1": "Mine" })))
  files.set("/latin.m3u", Buffer.from("#EXTM3U\n#EXTINF:-1,Télé Été\nhttp://127.0.0.1:1/tele.ts\n", "latin1"))
  files.set("/hls.m3u8", Buffer.from("#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\na.ts\n"))
  files.set("/page.m3u", Buffer.from("<html><form>password</form></html>"))
  provider = await startTestProvider({
    accounts: [{ username: "one", password: "s3cret-pw", maxConnections: 1 }],
  })
  const m3u = (id: string, path: string, order: number) => ({
    ...{ id, name: `Source ${id}`, type: "m3u", url: files_ + path, order },
  })
  const config = await writeConfig(folder, {
    sources: [
      m3u("list", "/list.m3u.gz", 1),
      m3u("latin", "/latin.m3u", 2),
      m3u("hls", "/hls.m3u8", 3),
      m3u("page", "/page.m3u", 4),
      { id: "panel", type: "xtream", url: provider.url, username: "one", password: "s3cret-pw", order: 5 },
    ],
    epg: [{ url: `${files_}/own.xml` }],
    viewers: [
      { username: "ann", password: "a" },
      { username: "kid", password: "k", groups: ["News"] },
    ],
  })
  system = await startSystem({ environment: { CONFIG_FILE: config, ADMIN_TOKEN: adminToken } })
}, 180_000)

afterAll(async () => {
  await system?.close()
  await provider?.close()
  if (server) await new Promise((resolve) => server.close(resolve))
  await rm(folder, { recursive: true, force: true })
})

const playlist = (query = "") => fetchPlaylist(`${system.baseUrl}/playlist.m3u8?${ann}${query}`)
const idIn = (url: string) => /\/(\d+)\.\w+(?:\?|$)/.exec(url)?.[1] ?? ""
const idOf = async (name: string) => idIn(entryNamed(await playlist(), name).url)
const api = async (path: string, init: RequestInit & { json?: unknown } = {}) => {
  const { json, ...rest } = init
  const response = await fetch(system.baseUrl + path, {
    ...rest,
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    headers: { authorization: `Bearer ${adminToken}`, "content-type": "application/json" },
  })
  return { status: response.status, body: await response.json() }
}
const panelApi = async (query: string) =>
  (await fetch(`${system.baseUrl}/player_api.php?${ann}&${query}`)).json()
interface Imported {
  id: string
  phase: string
  endedAt: number | null
  entries: number
  error: { code: string; message: string } | null
}
const imports = async () => (await api("/api/imports")).body as Imported[]
const importOf = async (id: string) => (await imports()).find((one) => one.id === id)
/** Imports a source now, and waits until that has ended. */
async function importNow(id: string, query = ""): Promise<Imported | undefined> {
  const before = (await importOf(id))?.endedAt ?? 0
  expect((await api(`/api/sources/${id}/import${query}`, { method: "POST" })).status).toBe(202)
  return eventually(
    () => importOf(id),
    (now) => now?.endedAt != null && now.endedAt > before,
    20_000,
  )
}
/** The playlist, once it is so: publishing follows a change within seconds. */
const playlistWith = (holds: (names: string[]) => boolean) =>
  eventually(async () => (await playlist()).map(({ name }) => name), holds, 20_000)

describe("a catalogue of many kinds of sources", () => {
  it("has what each of them lists, with groups, kinds and addresses of ours", async () => {
    const entries = await playlist()
    const of = (name: string) => entryNamed(entries, name)
    expect(of("One, the first").attributes).toEqual([
      ["tvg-id", "one.uk"],
      ["x-unknown", "kept, as it is"],
      ["group-title", "News"],
    ])
    expect(of("By Name").attributes).toContainEqual(["group-title", "From EXTGRP"])
    expect(of("Télé Été").url).toMatch(/\/stream\/\d+\.ts\?/)
    expect(of("Source hls").url).toMatch(/\/stream\/\d+\.ts\?/)
    expect(of("24/7 S01E01 Films").url).toMatch(/\/stream\/\d+\.ts\?/)
    expect(of("A Film").url).toMatch(/\/movie\/ann\/a\/\d+\.mkv$/)
    expect(of("A Show S01 E01").url).toMatch(/\/series\/ann\/a\/\d+\.mp4$/)
    const live = await playlist("&type=live")
    expect(live.map(({ name }) => name)).not.toContain("A Film")
    expect((await playlist("&type=movie")).map(({ name }) => name)).toContain("A Film")
  })

  it("shows how each import went, in words", async () => {
    const all = await imports()
    expect(all.find(({ id }) => id === "page")).toMatchObject({
      phase: "failed",
      error: { code: "not_a_playlist", message: expect.stringMatching(/login page/) },
    })
    for (const id of ["list", "latin", "hls", "panel", "guide:list", "guide:", "guide:panel"])
      expect([id, all.find((one) => one.id === id)]).toMatchObject([id, { phase: "done", error: null }])
    expect((await api("/api/imports", { headers: {} })).status).toBe(200)
    expect((await fetch(`${system.baseUrl}/api/imports`)).status).toBe(401)
  })

  it("has a guide of its channels, matched by tvg-id and by name", async () => {
    const text = await (await fetch(`${system.baseUrl}/guide.xml?${ann}`)).text()
    expect(text).toContain("ONE.uk now &amp; then")
    expect(text).toContain("x1 now &amp; then")
    expect(text).not.toContain("none now")
    const byName = await playlist().then((entries) => entryNamed(entries, "By Name"))
    const tvgId = byName.attributes.find(([name]) => name === "tvg-id")?.[1] ?? ""
    expect(text).toContain(`channel="${tvgId}"`)
    const packed = await fetch(`${system.baseUrl}/guide.xml.gz?${ann}`)
    expect(gunzipSync(Buffer.from(await packed.arrayBuffer())).toString()).toBe(text)
    const kids = await (await fetch(`${system.baseUrl}/xmltv.php?username=kid&password=k`)).text()
    expect(kids).toContain("ONE.uk now")
    expect(kids).not.toContain("x1 now")
    const epg = (await panelApi(
      `action=get_short_epg&stream_id=${await idOf("One, the first")}&limit=2`,
    )) as {
      epg_listings: { title: string }[]
    }
    expect(epg.epg_listings.map(({ title }) => Buffer.from(title, "base64").toString())).toEqual([
      "ONE.uk now & then",
      "ONE.uk next & then",
    ])
  })

  it("has movies and series for Xtream players, with details that are asked for on demand", async () => {
    const movies = (await panelApi("action=get_vod_streams")) as { name: string; stream_id: number }[]
    const names = movies.map(({ name }) => name)
    expect(names).toContain("A Film")
    const fromPanel = movies.find(({ name }) => name !== "A Film")
    const info = (await panelApi(`action=get_vod_info&vod_id=${fromPanel?.stream_id}`)) as {
      movie_data: { stream_id: number; name: string }
    }
    expect(info.movie_data).toMatchObject({ stream_id: fromPanel?.stream_id, name: fromPanel?.name })
    const series = (await panelApi("action=get_series")) as { name: string; series_id: number }[]
    expect(series.length).toBeGreaterThan(0)
    const show = (await panelApi(`action=get_series_info&series_id=${series[0]?.series_id}`)) as {
      episodes: Record<string, { id: string; episode_num: string; title: string }[]>
    }
    const [season] = Object.values(show.episodes)
    expect(season?.[0]).toMatchObject({ id: expect.stringMatching(/^\d{9,10}$/), episode_num: "1" })
    const again = await panelApi(`action=get_series_info&series_id=${series[0]?.series_id}`)
    expect(again).toEqual(show)
  })

  it("never tells a provider's address or login", async () => {
    const { host } = new URL(provider.url)
    const paths = [
      `/playlist.m3u8?${ann}`,
      `/guide.xml?${ann}`,
      ...["get_live_streams", "get_vod_streams", "get_series"].map(
        (action) => `/player_api.php?${ann}&action=${action}`,
      ),
    ]
    for (const path of paths) {
      const text = await (await fetch(system.baseUrl + path)).text()
      expect([path, text.includes(host), text.includes("s3cret-pw")]).toEqual([path, false, false])
    }
  })
})

describe("what a user changes", () => {
  it("shows soon, and is still so after every import", async () => {
    const id = await idOf("One, the first")
    const hidden = await idOf("Many 0")
    const edit = { name: "Uno", number: 7, groups: ["Mine"], guideId: "mine.1" }
    expect(await api(`/api/channels/${id}`, { method: "PATCH", json: edit })).toMatchObject({ status: 200 })
    await api(`/api/channels/${hidden}`, { method: "PATCH", json: { hidden: true } })
    const shows = (names: string[]) => names.includes("Uno") && !names.includes("Many 0")
    await playlistWith(shows)
    files.set("/list.m3u.gz", gzipSync(list([...many, "#EXTINF:-1,New One\n/new.ts\n"])))
    expect(await importNow("list")).toMatchObject({ phase: "done" })
    await playlistWith((names) => names.includes("New One") && shows(names))
    const uno = entryNamed(await playlist(), "Uno")
    expect(idIn(uno.url)).toBe(id)
    expect(Object.fromEntries(uno.attributes)).toMatchObject({
      "tvg-chno": "7",
      "group-title": "Mine",
      "x-unknown": "kept, as it is",
      "tvg-id": "mine.1",
    })
    const text = await (await fetch(`${system.baseUrl}/guide.xml?${ann}`)).text()
    expect(text).toContain("mine.1 now")
    expect(text).not.toContain("ONE.uk now")
    const row = (await api(`/api/channels?search=uno`)).body as { channels: { id: string }[] }
    expect(row.channels.map((one) => one.id)).toEqual([id])
    const nothing = { name: null, number: null, groups: null, guideId: null }
    await api(`/api/channels/${id}`, { method: "PATCH", json: nothing })
    await playlistWith((names) => names.includes("One, the first"))
  })

  it("of several channels is merged and split again without a loss", async () => {
    const [one, two] = [await idOf("Many 1"), await idOf("Many 2")]
    await api(`/api/channels/${one}`, { method: "PATCH", json: { merge: [two] } })
    await playlistWith((names) => !names.includes("Many 2"))
    const merged = (await api(`/api/channels/${one}`)).body as { feeds: { id: string; name: string }[] }
    expect(merged.feeds.map(({ name }) => name)).toEqual(["Many 1", "Many 2"])
    await api(`/api/channels/${one}`, { method: "PATCH", json: { merge: null } })
    await playlistWith((names) => names.includes("Many 2"))
    expect(await idOf("Many 2")).toBe(two)
    const refused = await api(`/api/channels/${one}`, { method: "PATCH", json: { merge: [one], colour: 1 } })
    expect(refused).toMatchObject({ status: 400, body: { error: { code: "bad_request" } } })
  })
})

describe("an import of a list that changed", () => {
  it("keeps the ids of channels that stay, and gives one that comes back its own", async () => {
    const before = new Map((await playlist()).map(({ name, url }) => [name, idIn(url)]))
    files.set("/list.m3u.gz", gzipSync(list(many.toReversed().filter((_, at) => at !== 5))))
    await importNow("list")
    const gone = "Many 14"
    await playlistWith((names) => !names.includes(gone))
    for (const { name, url } of await playlist()) expect([name, idIn(url)]).toEqual([name, before.get(name)])
    files.set("/list.m3u.gz", gzipSync(list()))
    await importNow("list")
    await playlistWith((names) => names.includes(gone))
    expect(await idOf(gone)).toBe(before.get(gone))
  })

  it("that lost most of its channels waits for the user's word", async () => {
    files.set("/list.m3u.gz", gzipSync(list([])))
    expect(await importNow("list")).toMatchObject({ phase: "failed", error: { code: "shrunken" } })
    expect((await playlist()).map(({ name }) => name)).toContain("Many 3")
    expect(await importNow("list", "?accept=shrunken")).toMatchObject({ phase: "done" })
    await playlistWith((names) => !names.includes("Many 3"))
    files.set("/list.m3u.gz", gzipSync(list()))
    await importNow("list")
    await playlistWith((names) => names.includes("Many 3"))
  })

  it("does not disturb who watches, and the account's limit stays true", async () => {
    const news = entryNamed(await playlist(), "Tributary News HD")
    const player = openPlayer(news.url)
    try {
      await eventually(
        () => player.report().packets,
        (packets) => packets > 500,
        15_000,
      )
      provider.resetPeak()
      const big = Array.from(
        { length: 20_000 },
        (_, at) => `#EXTINF:-1 group-title="Big",Big ${at}\n/big/${at}.ts\n`,
      )
      files.set("/list.m3u.gz", gzipSync(list(big)))
      expect(await importNow("list")).toMatchObject({ phase: "done" })
      await playlistWith((names) => names.includes("Big 19999"))
      expect(await importNow("panel")).toMatchObject({ phase: "done" })
      expect(provider.connections().accounts.one).toMatchObject({ active: 1, peak: 1 })
      expect(player.report()).toMatchObject({ ended: null, ccErrors: 0 })
    } finally {
      await player.close()
    }
  }, 60_000)
})
