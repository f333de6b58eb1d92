import { keys } from "@tributary/shared/store/keys"
import { verifyTicket } from "@tributary/shared/ticket"
import { beforeAll, describe, expect, it } from "vitest"
import {
  ask,
  askAsStreamer,
  errorCode,
  publishChannels,
  startAfresh,
} from "../test-support/edge-under-test.ts"
import { addSources, addViewers, redis, registerStreamer, secretKeys } from "../test-support/store.ts"

const ann = "username=ann&password=secret"
const home = { headers: { "cf-connecting-ip": "203.0.113.7" } }
const lostEpisode = { id: "100000998", source: "acme", series: "100000999", name: "Lost 1" }

beforeAll(async () => {
  await startAfresh()
  await addViewers(
    { username: "ann", password: "secret" },
    { username: "kid", password: "secret", groups: ["Kids"] },
  )
  const login = { username: "provider-login", password: "provider-secret" }
  await addSources({
    id: "acme",
    type: "m3u",
    url: "http://provider.example/list.m3u",
    maxStreams: 9,
    ...login,
  })
  await registerStreamer("one")
  await publishChannels("1", [
    { id: "100000101", name: "News", catchupDays: 7 },
    { id: "100000102", name: "24" },
    { id: "100000103", name: "24.tv" },
    { id: "100000201", name: "Movie", kind: "movie" },
    { id: "100000301", name: "Series", kind: "series" },
    { id: "100000401", name: "Episode", kind: "episode" },
  ])
  const locator = { kind: "xtream", type: "series", streamId: "77", extension: "mkv" }
  const panels = { source: "acme", series: "100000301", name: "Pilot", locator }
  await redis.set(keys.episode("100000402"), JSON.stringify(panels))
  await redis.set(keys.episode(lostEpisode.id), JSON.stringify({ ...lostEpisode, locator }))
})

/** Where a click leads on the streamer, and the ticket in it. */
async function follow(path: string, init: RequestInit = home) {
  const response = await ask(path, init)
  expect(response.status).toBe(302)
  const [, folder, text = "", extension] =
    /\/(live|vod)\/([^/]+)\.([a-z0-9]+)$/.exec(response.headers.get("location") ?? "") ?? []
  const result = await verifyTicket(secretKeys, text, Date.now() / 1000)
  if (!result.ok) throw new Error(result.code)
  return { folder, extension, ticket: result.ticket }
}

describe("movies and episodes", () => {
  it.each([
    [`/stream/100000201.mkv?${ann}`, "100000201", "mkv"],
    [`/stream/Movie?${ann}`, "100000201", "mp4"],
    ["/movie/ann/secret/100000201.MP4", "100000201", "mp4"],
    ["/series/ann/secret/100000401.mp4", "100000401", "mp4"],
    ["/series/ann/secret/100000402", "100000402", "mkv"],
    ["/series/ann/secret/100000402.mkv", "100000402", "mkv"],
    ["/ann/secret/100000201.mkv", "100000201", "mkv"],
  ])("play as files: %s", async (path, channel, extension) => {
    const played = await follow(path)
    expect(played).toMatchObject({ folder: "vod", extension, ticket: { channel, catchup: null } })
    expect(played.ticket.key).toMatch(new RegExp(`^${channel}~[0-9a-f]{16}$`))
  })

  it("are one session and one lease, however many requests a player makes", async () => {
    const first = await follow("/movie/ann/secret/100000201.mkv")
    const second = await follow("/movie/ann/secret/100000201.mkv")
    expect([second.ticket.session, second.ticket.lease]).toEqual([first.ticket.session, first.ticket.lease])
    const phone = { headers: { "cf-connecting-ip": "203.0.113.8" } }
    expect((await follow("/movie/ann/secret/100000201.mkv", phone)).ticket.key).not.toBe(first.ticket.key)
  })

  it("are told from what is not there", async () => {
    for (const path of ["999999999.mkv", `${lostEpisode.id}.mkv`])
      expect(await errorCode(await ask(`/movie/ann/secret/${path}`))).toBe("unknown_channel")
  })

  it("are not for who may not watch their groups", async () => {
    expect(await errorCode(await ask("/series/kid/secret/100000402.mkv"))).toBe("forbidden")
  })

  it("are known to streamers, those of a panel too", async () => {
    const answer = await askAsStreamer("/internal/channels/100000402")
    expect(await answer.json()).toMatchObject({ kind: "episode", name: "Pilot", feeds: [{ source: "acme" }] })
  })

  it.each([`/stream/100000301.ts?${ann}`, `/stream/100000201.mkv?profile=480p&${ann}`])(
    "do not play as what they are not: %s",
    async (path) => {
      expect(await errorCode(await ask(path))).toBe("unsupported_output")
    },
  )
})

describe("live channels", () => {
  it.each([
    ["/live/ann/secret/100000101.ts", "ts", null],
    ["/ann/secret/100000101", "ts", null],
    [`/stream/100000101?${ann}`, "ts", null],
    [`/stream/100000101.m3u8?${ann}`, "m3u8", null],
    ["/live/ann/secret/100000101.m3u8", "m3u8", null],
    [`/stream/News.m3u8?profile=720p&${ann}`, "m3u8", "720p"],
    [`/stream/News?profile=480p&${ann}`, "ts", "480p"],
  ])("play at %s", async (path, extension, transcode) => {
    const played = await follow(path)
    expect(played).toMatchObject({ folder: "live", extension, ticket: { key: "100000101", transcode } })
  })

  it("may be played by a page of another origin, which may read why not, too", async () => {
    for (const name of ["News", "Nothing"]) {
      const { headers } = await ask(`/stream/${name}.m3u8?${ann}`, home)
      expect(headers.get("access-control-allow-origin")).toBe("*")
    }
  })

  it("are no files", async () => {
    expect(await errorCode(await ask(`/stream/100000101.mkv?${ann}`))).toBe("unsupported_output")
  })

  it("are not transcoded by what is not there", async () => {
    const response = await ask(`/stream/News?profile=8k&${ann}`)
    expect([response.status, await errorCode(response)]).toEqual([404, "unknown_profile"])
  })
})

describe("a channel's past", () => {
  const hour = 3_600
  const begin = Math.floor(Date.now() / 1000 / hour) * hour - 26 * hour
  const text = new Date(begin * 1000).toISOString()
  const start = `${text.slice(0, 10)}:${text.slice(11, 16).replace(":", "-")}`
  const query = `username=ann&password=secret&duration=90&stream`

  it.each([
    `/timeshift/ann/secret/90/${start}/100000101.ts`,
    `/timeshift/ann/secret/90/${start}/100000101.m3u8`,
    `/timeshift/ann/secret/90/${begin}/100000101.ts`,
    `/streaming/timeshift.php?${query}=100000101&start=${start}`,
  ])("is played by one viewer alone: %s", async (path) => {
    const { folder, extension, ticket } = await follow(path)
    expect({ folder, extension }).toEqual({ folder: "vod", extension: "ts" })
    expect(ticket).toMatchObject({ channel: "100000101", catchup: { start: begin, seconds: 5_400 } })
    expect(ticket.key).toMatch(/^catchup\.100000101~[0-9a-f]{16}$/)
  })

  it("keeps its session and lease through seeks, apart from what is live", async () => {
    const first = await follow(`/timeshift/ann/secret/90/${begin}/100000101.ts`)
    const second = await follow(`/timeshift/ann/secret/60/${begin + 600}/100000101.ts`)
    expect([second.ticket.session, second.ticket.lease]).toEqual([first.ticket.session, first.ticket.lease])
    expect(second.ticket.catchup).toEqual({ start: begin + 600, seconds: hour })
    const live = await follow(`/stream/100000101?${ann}`)
    expect(live.ticket.key).toBe("100000101")
    expect(live.ticket.session).not.toBe(first.ticket.session)
  })

  it.each([
    [`/timeshift/ann/secret/90/${begin}/100000102.ts`, "no_catchup"],
    [`/timeshift/ann/secret/90/${begin - 7 * 24 * hour}/100000101.ts`, "outside_catchup"],
    [`/timeshift/ann/secret/90/${begin + 30 * hour}/100000101.ts`, "outside_catchup"],
    [`/timeshift/ann/secret/90/${begin}/100000201.ts`, "unsupported_output"],
    [`/timeshift/ann/secret/90/${begin}/100000101.ts?profile=480p`, "unsupported_output"],
    [`/timeshift/ann/secret/90/${begin}/999999999.ts`, "unknown_channel"],
  ])("that there is not is told apart: %s is %s", async (path, code) => {
    const response = await ask(path)
    expect([response.status, await errorCode(response)]).toEqual([404, code])
  })

  it.each([
    ["/timeshift/ann/secret/x/2026-01-31:18-30/100000101.ts", /^duration "x" is [^;]*$/],
    ["/timeshift/ann/secret/90/yesterday/100000101.ts", /^start "yesterday" is [^;]*$/],
    [
      "/timeshift/ann/secret/%7Bduration%7D/$%7Bstart%7D/100000101.ts",
      /^start "\$\{start\}".*; duration "\{/,
    ],
    [`/timeshift/ann/secret/{duration:60}/${begin}/100000101.ts`, /^duration "\{duration:60\}", which the/],
    ["/streaming/timeshift.php?username=ann&password=secret&stream=100000101", /^start "".*; duration ""/],
  ])("is not guessed from %s, which is told what is wrong", async (path, message) => {
    const response = await ask(path)
    const { error } = await response.json<{ error: { code: string; message: string } }>()
    expect([response.status, error.code, error.message]).toEqual([
      ...[400, "bad_request", expect.stringMatching(message)],
    ])
  })
})
