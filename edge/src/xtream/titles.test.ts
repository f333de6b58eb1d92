import { env } from "cloudflare:workers"
import { categoryId } from "@tributary/shared/catalogue/category-id"
import type { MovieDetails, SeriesDetails } from "@tributary/shared/catalogue/details"
import { isTierCall } from "@tributary/shared/secrets/tier-token"
import { keys } from "@tributary/shared/store/keys"
import { beforeEach, describe, expect, it } from "vitest"
import { ask, publishChannels, startAfresh } from "../test-support/edge-under-test.ts"
import {
  addViewers,
  forgetCalls,
  redis,
  registerStreamer,
  secretKeys,
  setDetails,
  streamerCalls,
} from "../test-support/store.ts"

beforeEach(async () => {
  await startAfresh()
  await forgetCalls()
  await setDetails(null)
  await addViewers(
    { username: "ann", password: "secret" },
    { username: "kid", password: "k", groups: ["Kids"] },
  )
  await registerStreamer("busy", { viewers: 5 })
  await registerStreamer("calm", { viewers: 1 })
  await publishChannels("1", [
    { id: "100000101", name: "News", groups: ["World"] },
    { id: "100000201", name: "Film (2023)", kind: "movie", groups: ["Films"], ownLogo: true },
    { id: "100000301", name: "Show", kind: "series", groups: ["Shows"] },
  ])
})

async function call<T>(query: string, login = "username=ann&password=secret"): Promise<T> {
  const response = await ask(`/player_api.php?${login}&${query}`)
  expect(response.status).toBe(200)
  return response.json<T>()
}
type Answer = Record<string, Record<string, unknown>>

const movie: MovieDetails = {
  kind: "movie",
  fetchedAt: 1,
  source: "acme",
  name: "Film",
  plot: "Näws",
  cast: "A, B",
  rating: "7.8",
  ageRating: "PG-13",
  tmdbId: "123",
  durationSeconds: 7_325,
  backdrops: ["https://pictures.example/wide.jpg"],
  extension: "mkv",
  added: "1683000000",
  bitrate: 3_500,
}

describe("get_vod_info", () => {
  it("asks one streamer, as a call of this installation", async () => {
    await setDetails(movie)
    await call("action=get_vod_info&vod_id=100000201")
    const calls = await streamerCalls()
    expect(calls).toMatchObject([{ method: "GET", path: "/streamer/calm/internal/details/movie/100000201" }])
    const { authorization } = calls[0] ?? {}
    expect(await isTierCall(secretKeys, "streamer-internal", authorization, Date.now() / 1000)).toBe(true)
  })

  it("answers in a panel's words", async () => {
    await setDetails(movie)
    expect(await call("action=get_vod_info&vod_id=100000201")).toMatchObject({
      info: {
        name: "Film (2023)",
        o_name: "Film",
        plot: "Näws",
        description: "Näws",
        cast: "A, B",
        actors: "A, B",
        director: "",
        rating: 7.8,
        age: "PG-13",
        tmdb_id: 123,
        duration_secs: 7_325,
        duration: "02:02:05",
        episode_run_time: 122,
        bitrate: 3_500,
        movie_image: "https://tv.example/logo/100000201",
        backdrop_path: ["https://pictures.example/wide.jpg"],
      },
      movie_data: {
        stream_id: 100_000_201,
        name: "Film (2023)",
        ...{ title: "Film", year: "2023" },
        added: "1683000000",
        category_id: categoryId("Films"),
        category_ids: [Number(categoryId("Films"))],
        container_extension: "mkv",
        direct_source: "",
      },
    })
  })

  it.each([
    ["no streamer runs", () => redis.del(keys.streamers)],
    ["the streamer has none", async () => setDetails(null)],
    ["the streamer's make no sense", async () => setDetails({ kind: "movie" })],
    [
      "the streamer fails",
      async () => {
        await setDetails(movie)
        await registerStreamer("calm", {
          internalAddress: `${env.CONTROL_URL}/failing-streamer/calm`,
          viewers: 0,
        })
      },
    ],
  ])("says what the list says when %s", async (_, arrange) => {
    await arrange()
    const { info, movie_data } = await call<Answer>("action=get_vod_info&vod_id=100000201")
    expect(info).toMatchObject({ name: "Film (2023)", plot: "", rating: 0, duration: "00:00:00" })
    expect(movie_data).toMatchObject({ stream_id: 100_000_201, container_extension: expect.any(String) })
  })

  it.each(["", "&vod_id=999", "&vod_id=100000101", "&vod_id=100000301", "&vod_id=Film%20(2023)"])(
    "knows nothing of %j, and asks nobody",
    async (query) => {
      await setDetails(movie)
      expect(await call(`action=get_vod_info${query}`)).toEqual({ info: [], movie_data: [] })
      expect(await streamerCalls()).toEqual([])
    },
  )

  it("tells nothing outside the viewer's groups", async () => {
    await setDetails(movie)
    const answer = await call("action=get_vod_info&vod_id=100000201", "username=kid&password=k")
    expect(answer).toEqual({ info: [], movie_data: [] })
  })
})

const episode = (season: number, number: number) => ({
  id: String(200_000_000 + season * 100 + number),
  season,
  number,
  title: `S${season}E${number}`,
  extension: "mp4",
})
const series: SeriesDetails = {
  kind: "series",
  fetchedAt: 1,
  source: "acme",
  name: "",
  rating: "8",
  releaseDate: "2025-02-24",
  durationSeconds: 2_220,
  picture: "https://pictures.example/show.jpg",
  backdrops: [],
  lastModified: "1740591320",
  seasons: [
    { number: 0, name: "Specials", picture: "https://pictures.example/0.jpg" },
    { number: 1, name: "Season 1", episodeCount: 15, airDate: "2025-02-24" },
  ],
  episodes: [
    episode(0, 1),
    episode(1, 1),
    { ...episode(1, 2), durationSeconds: 61, rating: "9.5", plot: "P" },
  ],
}

describe("get_series_info", () => {
  it("answers in a panel's words, episodes by season", async () => {
    await setDetails(series)
    const answer = await call<Answer>("action=get_series_info&series_id=100000301")
    expect(answer).toMatchObject({
      seasons: [
        { season_number: 0, name: "Specials", cover: "https://pictures.example/0.jpg" },
        { season_number: 1, name: "Season 1", episode_count: 15, air_date: "2025-02-24" },
      ],
      info: {
        name: "Show",
        cover: "https://pictures.example/show.jpg",
        rating: "8",
        rating_5based: 4,
        releaseDate: "2025-02-24",
        episode_run_time: "37",
        last_modified: "1740591320",
        series_id: 100_000_301,
        category_id: categoryId("Shows"),
      },
      episodes: {
        "0": [{ id: "200000001", season: 0 }],
        "1": [
          { id: "200000101", episode_num: "1", title: "S1E1", container_extension: "mp4" },
          { id: "200000102", info: { plot: "P", duration: "00:01:01", rating: 9.5, season: 1 } },
        ],
      },
    })
    expect((await streamerCalls())[0]?.path).toBe("/streamer/calm/internal/details/series/100000301")
  })

  it("has no episodes while nobody can say them", async () => {
    const answer = await call<Answer>("action=get_series_info&series_id=100000301")
    expect(answer).toMatchObject({ seasons: [], info: { name: "Show" }, episodes: {} })
  })

  it.each(["", "&series_id=999", "&series_id=100000201"])("knows nothing of %j", async (query) => {
    await setDetails(series)
    expect(await call(`action=get_series_info${query}`)).toMatchObject({
      ...{ seasons: [], episodes: [] },
      info: { name: null, category_ids: [] },
    })
  })
})
