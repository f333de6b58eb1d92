import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Xtream } from "@iptv/xtream-api"
import { standardizedSerializer } from "@iptv/xtream-api/standardized"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { defaultChannels } from "../local/demo-provider/channels.ts"
import type { DemoProvider } from "../local/demo-provider/start-demo-provider.ts"
import { demoMovies, demoSeries } from "../local/demo-provider/titles.ts"
import { play } from "./player/play.ts"
import { writeConfig } from "./system/config.ts"
import { startTestProvider } from "./system/demo.ts"
import { type System, startSystem } from "./system/start-system.ts"

let provider: DemoProvider
let system: System
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tributary-xtream-client-"))
  provider = await startTestProvider({
    accounts: [{ username: "one", password: "s3cret-pw", maxConnections: 4 }],
  })
  const config = await writeConfig(folder, {
    sources: [{ id: "acme", type: "xtream", url: provider.url, username: "one", password: "s3cret-pw" }],
    viewers: [{ username: "ann", password: "a", maxStreams: 3, expiresAt: "2100-01-01T00:00:00Z" }],
  })
  system = await startSystem({ environment: { CONFIG_FILE: config } })
}, 180_000)

afterAll(async () => {
  await system?.close()
  await provider?.close()
  await rm(folder, { recursive: true, force: true })
})

const login = { username: "ann", password: "a" }
const raw = () => new Xtream({ url: system.baseUrl, ...login })
/** With everything made into dates, numbers and lists: what is missing or of another type shows. */
const reading = () => new Xtream({ url: system.baseUrl, ...login, serializer: standardizedSerializer })
const isDate = expect.toSatisfy((date) => date instanceof Date && !Number.isNaN(date.getTime()), "a date")
/** In one order on both sides. */
const namesOf = (rows: readonly { name: string }[]) =>
  rows.map(({ name }) => name).toSorted((a, b) => (a < b ? -1 : 1))
/** As it reads titles: without the year. */
const withoutYear = ({ name }: { name: string }) => ({ name: name.replace(/ \(\d{4}\)$/, "") })
const named = <Row extends { name: string }>(rows: readonly Row[], name: string): Row => {
  const row = rows.find((one) => one.name === name)
  if (row === undefined) throw new Error(`no "${name}" in ${rows.map((one) => one.name).join(", ")}`)
  return row
}

describe("@iptv/xtream-api", () => {
  it("reads the profile and the server's address", async () => {
    expect(await reading().getProfile()).toMatchObject({
      ...{ id: "ann", status: "Active", isTrial: false, maxConnections: 3, activeConnections: 0 },
      expiresAt: new Date("2100-01-01T00:00:00Z"),
      allowedOutputFormats: ["ts", "m3u8"],
    })
    const server = await reading().getServerInfo()
    expect(server).toMatchObject({
      ...{ url: "localhost", port: String(system.ports.edge), serverProtocol: "http", timezone: "UTC" },
      timeNow: isDate,
    })
  })

  it("reads the categories of channels, movies and shows", async () => {
    const client = reading()
    const names = (categories: { name: string }[]) => new Set(categories.map(({ name }) => name))
    const groups = new Set(provider.channels.map(({ group }) => group))
    expect(names(await client.getChannelCategories())).toEqual(groups)
    expect(names(await client.getMovieCategories()).size).toBe(2)
    expect(names(await client.getShowCategories()).size).toBe(2)
  })

  it("reads all channels, a category's, and a page of them", async () => {
    const client = reading()
    const channels = await client.getChannels()
    expect(namesOf(channels)).toEqual(namesOf(provider.channels))
    for (const { name, tvArchive, tvArchiveDuration } of channels) {
      const { catchup } = named(defaultChannels, name)
      expect([name, tvArchive, tvArchiveDuration]).toEqual([name, catchup !== undefined, catchup?.days ?? 0])
    }
    const news = named(await client.getChannelCategories(), "News")
    const ofNews = await client.getChannels({ categoryId: news.id })
    expect(ofNews.map(({ name }) => name)).toEqual(["Tributary News HD", "World Report 24"])
    expect(ofNews[0]).toMatchObject({ categoryIds: [news.id], createdAt: isDate, number: expect.any(Number) })
    const second = await client.getChannels({ page: 2, limit: 3 })
    expect(second.map(({ name }) => name)).toEqual(channels.slice(3, 6).map(({ name }) => name))
  })

  it("reads movies, and one in detail", async () => {
    const client = reading()
    const movies = await client.getMovies()
    expect(namesOf(movies)).toEqual(namesOf(demoMovies.map(withoutYear)))
    const first = named(movies, "The Long Tributary")
    expect(first).toMatchObject({ createdAt: isDate, voteAverage: 7.5, categoryIds: [expect.any(String)] })
    const ofCategory = await client.getMovies({ categoryId: first.categoryIds?.[0] ?? "" })
    expect(ofCategory.map(({ id }) => id)).toContain(first.id)
    const movie = await client.getMovie({ movieId: first.id })
    expect(movie).toMatchObject({ id: first.id, duration: 60, durationFormatted: "00:01:00", subtitles: [] })
    expect(movie).toMatchObject({ name: "The Long Tributary (2026)", createdAt: isDate, voteAverage: 7.5 })
    await expect(client.getMovie({ movieId: "999999999" })).rejects.toThrow("Movie Not Found")
  })

  it("reads shows, and one with its seasons and episodes", async () => {
    const client = reading()
    const shows = await client.getShows()
    expect(namesOf(shows)).toEqual(namesOf(demoSeries.map(withoutYear)))
    const confluence = named(shows, "Confluence")
    expect(confluence).toMatchObject({ updatedAt: isDate, releaseDate: isDate, voteAverage: 7 })
    const ofCategory = await client.getShows({ categoryId: confluence.categoryIds?.[0] ?? "" })
    expect(ofCategory.map(({ id }) => id)).toEqual([confluence.id])
    const show = await client.getShow({ showId: confluence.id })
    const episodes = show.seasons.flatMap((season) =>
      (season.episodes ?? []).map(({ number }) => [season.number, number]),
    )
    expect(episodes).toEqual([
      [1, 1],
      [1, 2],
      [2, 1],
    ])
    expect(show.seasons[0]?.episodes?.[0]).toMatchObject({
      duration: 60,
      showId: confluence.id,
      createdAt: isDate,
    })
    await expect(client.getShow({ showId: "999999999" })).rejects.toThrow("Show Not Found")
  })

  it("reads a channel's guide, what is next and all of it", async () => {
    const client = reading()
    const { id } = named(await client.getChannels(), "Tributary News HD")
    const next = await client.getShortEPG({ channelId: id, limit: 2 })
    expect(next).toHaveLength(2)
    for (const programme of next) expect(programme).toMatchObject({ start: isDate, end: isDate })
    expect(next[0]?.end).toEqual(next[1]?.start)
    expect(next[0]?.title).toMatch(/^\w/)
    expect(await client.getShortEPG({ channelId: id })).toHaveLength(4)
    const all = await client.getFullEPG({ channelId: id })
    expect(all.length).toBeGreaterThan(24)
    expect(all.filter(({ nowPlaying }) => nowPlaying)).toHaveLength(1)
    const archived = all.filter(({ hasArchive }) => hasArchive)
    expect(archived.length).toBeGreaterThan(4)
    for (const { end } of archived) expect(end.getTime()).toBeLessThan(Date.now())
    const radio = named(await client.getChannels(), "Tributary Radio")
    expect((await client.getFullEPG({ channelId: radio.id })).some(({ hasArchive }) => hasArchive)).toBe(
      false,
    )
  })

  it("plays by the addresses it makes", async () => {
    const client = raw()
    const { stream_id: channel, url } = named(await client.getChannels(), "Tributary News HD")
    expect(await play(url ?? "", { seconds: 1 })).toMatchObject({ status: 200, startsOnKeyframe: true })
    const hls = new Xtream({ url: system.baseUrl, ...login, preferredFormat: "m3u8" })
    const [first] = await hls.getChannels()
    expect(first?.url).toMatch(/\/live\/ann\/a\/\d+\.m3u8$/)
    const type = async (address = "") => {
      const response = await fetch(address, { method: "HEAD", redirect: "manual" })
      return [response.status, new URL(response.headers.get("location") ?? "").pathname.split(".").at(-1)]
    }
    expect(await type(first?.url)).toEqual([302, "m3u8"])
    const past = client.generateStreamUrl({
      ...{ type: "channel", streamId: channel, extension: "ts" },
      timeshift: { start: new Date(Date.now() - 3 * 3_600_000), duration: 30 },
    })
    expect(await type(past)).toEqual([302, "ts"])
    const movies = await client.getMovies()
    expect(await type(named(movies, "The Long Tributary (2026)").url)).toEqual([302, "mp4"])
    const [show] = await client.getShows()
    const { episodes } = await client.getShow({ showId: show?.series_id ?? 0 })
    const episode = Object.values(episodes)[0]?.[0]
    expect(await type(episode?.url)).toEqual([302, episode?.container_extension])
  }, 30_000)

  it("is told that a password is wrong", async () => {
    const wrong = new Xtream({ url: system.baseUrl, username: "ann", password: "b" })
    expect(await wrong.getProfile()).toMatchObject({ auth: 0 })
  })
})
