import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { getText } from "./client-for-tests.ts"
import { smallChannels, temporaryFolder } from "./loop-for-tests.ts"
import { type DemoProvider, startDemoProvider } from "./start-demo-provider.ts"

// Rendering may have to wait for a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })

const clock = { ms: Date.UTC(2026, 1, 3, 14, 40) }
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let provider: DemoProvider
const get = (path: string, headers: Record<string, string> = {}) => getText(provider.url + path, { headers })
// biome-ignore lint/suspicious/noExplicitAny: answers are looked at, not used.
const api = async (query: string): Promise<any> =>
  JSON.parse((await get(`/player_api.php?username=demo&password=demo&${query}`)).text)

beforeAll(async () => {
  folder = await temporaryFolder()
  provider = await startDemoProvider({
    dataDir: folder.path,
    channels: smallChannels,
    movieSeconds: 2,
    now: () => clock.ms,
  })
})
afterAll(async () => {
  await provider.close()
  await folder.remove()
})

describe("the Xtream API", () => {
  it("answers a login, and an unknown action the same way, by GET and by POST", async () => {
    const login = await api("")
    expect(login.user_info).toMatchObject({
      auth: 1,
      status: "Active",
      exp_date: null,
      active_cons: 0,
      max_connections: "1",
      is_trial: "0",
    })
    expect(login.server_info).toMatchObject({
      url: "127.0.0.1",
      timezone: "Europe/Berlin",
      timestamp_now: clock.ms / 1000,
      time_now: "2026-02-03 15:40:00",
    })
    expect(login.server_info.port).toBe(new URL(provider.url).port)
    expect(await api("action=nonsense")).toEqual(login)
    const post = await getText(
      `${provider.url}/player_api.php`,
      { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" } },
      "username=demo&password=demo",
    )
    expect(JSON.parse(post.text)).toEqual(login)
  })

  it("answers a wrong password with 200 and auth 0", async () => {
    const { status, text } = await get("/player_api.php?username=demo&password=x&action=get_live_streams")
    expect([status, JSON.parse(text)]).toEqual([200, { user_info: { auth: 0 } }])
  })

  it("says that an account is over, with auth 1", async () => {
    provider.setAccount("old", { password: "p", expiresAt: clock.ms / 1000 - 1 })
    const { user_info } = JSON.parse((await get("/player_api.php?username=old&password=p")).text)
    expect([user_info.auth, user_info.status, user_info.exp_date]).toEqual([1, "Expired", "1770129599"])
  })

  it("lists channels with panels' mixed types, also by category", async () => {
    const streams = await api("action=get_live_streams")
    expect(streams.map((stream: { name: string }) => stream.name)).toEqual([
      "One & Only",
      "Two",
      "Radio Three",
    ])
    expect(streams[0]).toMatchObject({
      stream_id: 1,
      category_id: "1",
      tv_archive: 0,
      epg_channel_id: "one.test",
    })
    expect(streams[2].stream_type).toBe("radio_streams")
    const kids = (await api("action=get_live_categories"))[1]
    expect(kids).toEqual({ category_id: "2", category_name: "Kids", parent_id: 0 })
    expect((await api("action=get_live_streams&category_id=2")).length).toBe(1)
  })

  it("has a movie and a series whose addresses play", async () => {
    const [movie] = await api("action=get_vod_streams")
    const { info, movie_data } = await api(`action=get_vod_info&vod_id=${movie.stream_id}`)
    expect([info.duration_secs, info.duration, movie_data.stream_id]).toEqual([
      2,
      "00:00:02",
      movie.stream_id,
    ])
    expect(movie.category_id).toBe((await api("action=get_vod_categories"))[0].category_id)
    const [series] = await api("action=get_series")
    expect(series.category_id).toBe((await api("action=get_series_categories"))[0].category_id)
    const { episodes, seasons } = await api(`action=get_series_info&series_id=${series.series_id}`)
    expect([episodes["1"].length, episodes["2"].length, seasons.length]).toEqual([2, 1, 2])
    for (const { id, container_extension } of [...episodes["1"], ...episodes["2"]])
      expect((await get(`/series/demo/demo/${id}.${container_extension}`)).status).toBe(200)
    expect(await api("action=get_vod_info&vod_id=5")).toEqual({ info: [] })
  })

  it("has titles in the odd forms of panels: bare files, seasons as a list, numbers as strings", async () => {
    const list = await api("action=get_vod_streams")
    expect(list.map((movie: { stream_id: unknown }) => movie.stream_id)).toEqual([9001, 9002, "9003", 9004])
    expect((await api("action=get_vod_streams&category_id=51")).length).toBe(2)
    const bare = await api("action=get_vod_info&vod_id=9003")
    expect([bare.info, bare.movie_data.name]).toEqual([[], "Oxbow 247 (1987)"])
    for (const { stream_id, container_extension } of list)
      expect((await get(`/movie/demo/demo/${stream_id}.${container_extension}`)).status).toBe(200)
    expect((await api("action=get_series")).length).toBe(2)
    const { episodes, seasons } = await api("action=get_series_info&series_id=9200")
    expect([Array.isArray(episodes), episodes[0].length, episodes[1].length, seasons]).toEqual([
      true,
      1,
      2,
      [],
    ])
    expect(episodes[1][1].info).toEqual([])
    for (const { id, container_extension } of episodes.flat())
      expect((await get(`/series/demo/demo/${id}.${container_extension}`)).status).toBe(200)
    expect((await get("/series/demo/demo/9001.mp4")).status).toBe(404)
    expect((await get("/movie/demo/demo/9101.mp4")).status).toBe(404)
  })

  it("tells what is on now", async () => {
    const { epg_listings } = await api("action=get_short_epg&stream_id=1&limit=2")
    expect(epg_listings.length).toBe(2)
    expect(epg_listings[0]).toMatchObject({ start: "2026-02-03 15:30:00", stop: "2026-02-03 16:00:00" })
    expect(epg_listings[0].end).toBe(epg_listings[0].stop_timestamp)
    const table = (await api("action=get_simple_data_table&stream_id=1")).epg_listings
    expect(table.length).toBe(4 * 48)
    const now = table.filter((each: { now_playing: number }) => each.now_playing === 1)
    expect(now.map((each: { title: string }) => each.title)).toEqual([epg_listings[0].title])
    expect(Buffer.from(epg_listings[0].title, "base64").toString()).toMatch(/^[\w &]+$/)
  })
})

describe("playlists and guide", () => {
  it("gives a list with attributes and addresses that play", async () => {
    const { text } = await get("/get.php?username=demo&password=demo&type=m3u_plus&output=m3u8")
    expect(text).toMatch(/^#EXTM3U x-tvg-url="http:\S+\/xmltv.php\?username=demo&password=demo"/)
    expect(text).toContain('tvg-id="one.test" tvg-name="One & Only"')
    expect(text).toContain('radio="true" group-title="Radio",Radio Three\n')
    const addresses = text.split("\n").filter((line) => line.endsWith("/1.m3u8"))
    expect(addresses).toEqual([`${provider.url}/live/demo/demo/1.m3u8`])
    const plain = (await get("/get.php?username=demo&password=demo&type=m3u&output=ts")).text
    expect(plain).toContain(`#EXTINF:-1,Two\n${provider.url}/live/demo/demo/2.ts\n`)
    expect(text).toContain(`/movie/demo/demo/9002.mkv\n`)
    expect(text).toContain(
      `group-title="Series",Confluence S01 E02\n${provider.url}/series/demo/demo/9102.mkv\n`,
    )
    expect((await get("/get.php?username=demo&password=no")).status).toBe(403)
  })

  it("gives a list without credentials", async () => {
    const { text } = await get("/playlist.m3u")
    expect(text.split("\n").filter((line) => line.startsWith("http"))).toEqual(
      [1, 2, 3].map((id) => `${provider.url}/free/${id}.ts`),
    )
    expect((await get("/xmltv.php")).text).toContain('channel="one.test"')
    expect((await get("/xmltv.php?username=demo&password=no")).status).toBe(403)
    expect((await get("/logo/1.svg")).headers["content-type"]).toBe("image/svg+xml")
  })
})

describe("HLS", () => {
  it("serves what its playlists list", async () => {
    const master = (await get("/live/demo/demo/1/master.m3u8")).text
    const variants = master.split("\n").filter((line) => line.startsWith("/"))
    expect(variants.length).toBe(2)
    const sizes: number[] = []
    for (const variant of variants) {
      const { text, headers } = await get(variant)
      expect(headers["content-type"]).toBe("application/vnd.apple.mpegurl")
      const segments = text.split("\n").filter((line) => line.endsWith(".ts"))
      expect(segments.length).toBe(6)
      const segment = await get(segments[5] ?? "")
      expect([segment.status, segment.text.charCodeAt(0), segment.text.length % 188]).toEqual([200, 0x47, 0])
      sizes.push(segment.text.length)
    }
    expect(sizes[0]).not.toBe(sizes[1])
    provider.setSettings({ hlsWindow: 30 })
    expect((await get("/live/demo/demo/1.m3u8")).text.match(/#EXTINF/g)?.length).toBe(30)
    expect((await get("/hls/demo/demo/1/full/5.ts")).status).toBe(404)
    clock.ms += 60_000
  })
})

describe("the movie", () => {
  it("serves ranges of one content", async () => {
    const whole = await get("/movie/demo/demo/9001.mp4")
    expect([whole.status, whole.headers["accept-ranges"], whole.text.slice(4, 8)]).toEqual([
      200,
      "bytes",
      "ftyp",
    ])
    // With its index first, a player starts without reading to the end.
    expect(whole.text.indexOf("moov")).toBeLessThan(whole.text.indexOf("mdat"))
    const size = whole.text.length
    const part = await get("/movie/demo/demo/9001.mp4", { range: "bytes=100-199" })
    expect([part.status, part.text]).toEqual([206, whole.text.slice(100, 200)])
    expect(part.headers["content-range"]).toBe(`bytes 100-199/${size}`)
    expect((await get("/movie/demo/demo/9001.mp4", { range: "bytes=-5" })).text).toBe(whole.text.slice(-5))
    const outside = await get("/movie/demo/demo/9001.mp4", { range: `bytes=${size}-` })
    expect([outside.status, outside.headers["content-range"]]).toEqual([416, `bytes */${size}`])
    const etag = whole.headers.etag ?? ""
    expect((await get("/movie/demo/demo/9001.mp4", { range: "bytes=0-1", "if-range": etag })).status).toBe(
      206,
    )
    expect((await get("/movie/demo/demo/9001.mp4", { range: "bytes=0-1", "if-range": '"x"' })).status).toBe(
      200,
    )
    const head = await getText(`${provider.url}/movie/demo/demo/9001.mkv`, { method: "HEAD" })
    expect([head.headers["content-type"], Number(head.headers["content-length"]) > 0]).toEqual([
      "video/x-matroska",
      true,
    ])
    expect((await get("/movie/demo/no/9001.mp4")).status).toBe(403)
    expect((await get("/movie/demo/demo/9001.avi")).status).toBe(404)
    expect(provider.connections().accounts.demo).toMatchObject({ active: 0, peak: 1 })
  })
})

describe("a movie whose index is late", () => {
  it("has it behind all that it holds", async () => {
    const { text } = await get("/movie/demo/demo/9003.mp4")
    expect(text.indexOf("moov")).toBeGreaterThan(text.indexOf("mdat"))
    expect((await get("/movie/demo/demo/9004.mp4")).text).not.toBe(text)
  })
})

describe("the control API", () => {
  async function control(method: string, path: string, body?: unknown) {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const answer = await getText(`${provider.url}/control/${path}`, { method }, text)
    return { status: answer.status, body: JSON.parse(answer.text) }
  }

  it("sets and clears faults", async () => {
    const set = await control("PUT", "faults/1", { kind: "slow", bytesPerSecond: 5 })
    expect(set.body["1"][0]).toMatchObject({ kind: "slow", bytesPerSecond: 5 })
    await control("PUT", "faults/api", [{ kind: "hang" }, { kind: "end", account: "a" }])
    expect((await control("GET", "faults")).body).toEqual(provider.faults())
    expect(new Set(Object.keys(provider.faults()))).toEqual(new Set(["1", "api"]))
    await control("DELETE", "faults/1")
    expect(Object.keys((await control("DELETE", "faults")).body)).toEqual([])
  })

  it("changes accounts and settings by what is named", async () => {
    await control("PUT", "accounts/ann", { password: "p", maxConnections: 3 })
    await control("PUT", "accounts/ann", { status: "Banned" })
    const ann = (await control("GET", "accounts/ann")).body
    expect(ann).toMatchObject({ password: "p", maxConnections: 3, status: "Banned", activeConnections: 0 })
    const before = (await control("GET", "settings")).body
    const after = (await control("PUT", "settings", { whenFull: 458 })).body
    expect(after).toEqual({ ...before, whenFull: 458 })
  })

  it("shows connections and resets their peak", async () => {
    expect((await control("GET", "connections")).body).toEqual(provider.connections())
    const { accounts } = (await control("POST", "connections/reset-peak")).body
    expect(accounts.demo).toEqual({ active: 0, peak: 0, opened: 0, refused: 0 })
  })

  it.each([
    ["PUT", "faults/1", { kind: "nonsense" }, /kind/],
    ["PUT", "faults/1", { kind: "slow", speed: 1 }, /speed/],
    ["PUT", "settings", { whenFull: "maybe" }, /whenFull/],
    ["PUT", "settings", { nothing: 1 }, /nothing/],
    ["PUT", "accounts/new", {}, /password/],
    ["PUT", "accounts/ann", { maxConnections: -1 }, /maxConnections/],
  ])("%s %s refuses %j and names the culprit", async (method, path, body, culprit) => {
    const { status, body: answer } = await control(method, path, body)
    expect(status).toBe(400)
    expect(answer.error).toMatch(culprit)
  })

  it("answers 400 to what is no JSON and 404 to what it does not have", async () => {
    expect((await getText(`${provider.url}/control/settings`, { method: "PUT" }, "{")).status).toBe(400)
    expect((await control("GET", "nonsense")).status).toBe(404)
    expect((await control("GET", "accounts/nobody")).status).toBe(404)
    expect((await get("/live/%zz")).status).toBe(400)
  })
})
