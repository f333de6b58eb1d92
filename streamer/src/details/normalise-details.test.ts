import { existsSync, readFileSync } from "node:fs"
import { movieDetailsSchema, seriesDetailsSchema } from "@tributary/shared/catalogue/details"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { movieFacts, seriesFacts } from "./normalise-details.ts"

fc.configureGlobal({ seed: 20_261_121 })

const provider = { url: "http://panel.test:8080", login: { username: "ann", password: "s3cret" } }
const movie = (answer: unknown) => movieFacts(answer, provider)
const series = (answer: unknown) => seriesFacts(answer, provider)
const asked = { fetchedAt: 1, source: "s" }

describe("a movie's details", () => {
  const info = {
    name: "Film",
    o_name: "Le film",
    cover_big: "https://pictures.test/big.jpg",
    release_date: "2023-05-15",
    youtube_trailer: "abc",
    director: "D",
    cast: "A, B",
    plot: "Plot.",
    mpaa_rating: "PG-13",
    country: "France",
    genre: "Drama",
    backdrop_path: ["https://pictures.test/1.jpg"],
    duration_secs: 7200,
    bitrate: 3500,
    rating: 7.8,
    tmdb_id: 123,
  }
  const movie_data = { stream_id: 5, name: "Film (2023)", added: "1683000000", container_extension: "mkv" }
  const expected = {
    kind: "movie",
    name: "Film",
    originalName: "Le film",
    picture: "https://pictures.test/big.jpg",
    releaseDate: "2023-05-15",
    trailer: "abc",
    director: "D",
    cast: "A, B",
    plot: "Plot.",
    ageRating: "PG-13",
    country: "France",
    genre: "Drama",
    backdrops: ["https://pictures.test/1.jpg"],
    durationSeconds: 7200,
    bitrate: 3500,
    rating: "7.8",
    tmdbId: "123",
    extension: "mkv",
    added: "1683000000",
  }

  it("are what the panel says, whatever their types and names", () => {
    expect(movie({ info, movie_data })).toEqual(expected)
    const { o_name, cover_big, release_date, cast, plot, mpaa_rating, tmdb_id, ...same } = info
    const other = { ...same, o_name, movie_image: cover_big, releasedate: release_date, actors: cast }
    const rest = {
      description: plot,
      age: mpaa_rating,
      tmdb: String(tmdb_id),
      duration_secs: "7200",
      bitrate: "3500",
    }
    const file = { ...movie_data, added: 1683000000, container_extension: "MKV" }
    const messy = {
      ...other,
      ...rest,
      backdrop_path: "https://pictures.test/1.jpg",
      rating: "7.8",
      subtitles: [],
    }
    expect(movie({ info: messy, movie_data: file })).toEqual(expected)
  })

  it.each([[], null, false, "", 0, undefined])("are those of its file when info is %j", (nothing) => {
    expect(movie({ info: nothing, movie_data })).toEqual({
      kind: "movie",
      name: "Film (2023)",
      extension: "mkv",
      added: "1683000000",
      backdrops: [],
    })
    expect(movie({ info: { plot: "Plot." }, movie_data: nothing })).toEqual({
      kind: "movie",
      name: "",
      plot: "Plot.",
      backdrops: [],
    })
  })

  it.each([null, false, [], {}, { info: [] }, { info: ["x"], movie_data: [] }, "x", 7])(
    "are none when the panel answers %j",
    (answer) => expect(movie(answer)).toBeNull(),
  )

  it.each([
    [{ duration_secs: 0, duration: "01:30:05" }, 5405],
    [{ duration: "00:00:00", episode_run_time: "90" }, 5400],
    [{ duration: "90 min", episode_run_time: 90 }, 5400],
    [{ duration: [], duration_secs: null, episode_run_time: 0 }, undefined],
  ])("have the duration of %j", (fields, seconds) => {
    expect(movie({ info: { name: "x", ...fields } })?.durationSeconds).toBe(seconds)
  })

  it("show no picture on the provider's server, nor what is no address", () => {
    const own = "http://panel.test:8080/images/1.jpg"
    const other = "https://pictures.test/1.jpg"
    const shown = movie({
      info: { cover_big: own, movie_image: other, backdrop_path: [own, other, "/x.jpg", null] },
    })
    expect([shown?.picture, shown?.backdrops]).toEqual([other, [other]])
    const hidden = movie({
      info: { cover_big: own, movie_image: "x.jpg", cover: "javascript:1", trailer: own },
    })
    expect(hidden).toEqual({ kind: "movie", name: "", backdrops: [] })
    expect(movie({ info: { cover: "https://cdn.test/?u=ann&p=s3cret" } })).not.toHaveProperty("picture")
  })
})

describe("a series' details", () => {
  const episode = (id: unknown, more: object = {}) => ({
    id,
    title: `E${id}`,
    container_extension: "mp4",
    ...more,
  })
  const seasonsAndNumbers = (answer: unknown) =>
    series({ info: { name: "Show" }, episodes: answer })?.episodes.map((one) => [
      one.season,
      one.number,
      one.panelId,
    ])

  it("are its seasons and episodes", () => {
    const info = {
      name: "Show",
      cover: "https://pictures.test/s.jpg",
      last_modified: "1740591320",
      rating: "0",
    }
    const seasons = [
      { season_number: 1, name: "One", overview: "O", air_date: "2025-02-24", episode_count: 15, id: 3 },
    ]
    const facts = {
      release_date: "2025-02-24",
      plot: "P",
      duration_secs: 2214,
      movie_image: "https://p.test/e.jpg",
      rating: 10,
    }
    const episodes = {
      "1": [episode("935", { episode_num: "1", info: facts, season: 1, added: "1740503721" })],
    }
    expect(series({ info, seasons, episodes })).toEqual({
      kind: "series",
      name: "Show",
      picture: "https://pictures.test/s.jpg",
      backdrops: [],
      lastModified: "1740591320",
      seasons: [{ number: 1, name: "One", overview: "O", airDate: "2025-02-24", episodeCount: 15 }],
      episodes: [
        {
          panelId: "935",
          season: 1,
          number: 1,
          title: "E935",
          extension: "mp4",
          releaseDate: "2025-02-24",
          plot: "P",
          durationSeconds: 2214,
          picture: "https://p.test/e.jpg",
          rating: "10",
          added: "1740503721",
        },
      ],
    })
  })

  it("have episodes in any form in which panels send them", () => {
    const [a, b, c] = [
      episode(1, { episode_num: 1 }),
      episode("2", { episode_num: "2" }),
      episode(3, { episode_num: 1 }),
    ]
    const expected = [
      [1, 1, "1"],
      [1, 2, "2"],
      [2, 1, "3"],
    ]
    const saying = (one: object, season: unknown) => ({ ...one, season })
    for (const form of [
      { "1": [a, b], "2": [c] },
      { "2": { "0": c }, "1": { "1": b, "0": a } },
      [[], [a, b], [c]],
      [[saying(a, 1), saying(b, "1")], [saying(c, 2)]],
      { "1": [b, a], "2": [c] },
      [b, a, { ...c, info: { season: "2" } }],
      { all: [a, b], "2": [c] },
      { "9": [saying(a, 1), saying(b, 1), saying(c, 2)] },
    ])
      expect(seasonsAndNumbers(form), JSON.stringify(form)).toEqual(expected)
  })

  it("have specials as season 0", () => {
    expect(seasonsAndNumbers([[episode(1, { episode_num: 0 })], [episode(2)]])).toEqual([
      [0, 0, "1"],
      [1, 1, "2"],
    ])
  })

  it.each([
    null,
    undefined,
    [],
    {},
    false,
    "",
    [null],
    [[]],
    { "1": null },
    { "1": [null, 7, [], {}, { id: [] }] },
  ])("have no episodes in %j", (answer) => expect(seasonsAndNumbers(answer)).toEqual([]))

  it("lose only what is odd of an episode, and never its place", () => {
    const odd = {
      title: null,
      episode_num: {},
      container_extension: [],
      info: [],
      season: null,
      added: false,
    }
    expect(
      series({ episodes: { "3": [episode(1), { ...odd, id: 2 }, { title: "no id" }] } })?.episodes[1],
    ).toEqual({
      panelId: "2",
      season: 3,
      number: 2,
      title: "Episode 2",
      extension: "mp4",
    })
  })

  it("have each episode once", () => {
    expect(seasonsAndNumbers({ "1": [episode(1), episode("1")], "2": [episode(1)] })).toEqual([[1, 1, "1"]])
  })

  it("have the seasons of all episodes, and none without a number", () => {
    const named = (seasons: unknown) =>
      series({ seasons, episodes: { "2": [episode(1)] } })?.seasons.map(({ number, name }) => [number, name])
    expect(named(undefined)).toEqual([[2, "Season 2"]])
    for (const list of [
      [{ season_number: "2", name: "Two" }, { name: "x" }, null, { season_number: -1 }, { season_number: 0 }],
      { a: { season_number: 0, name: [] }, b: { season_number: 2, name: "Two" } },
    ])
      expect(named(list)).toEqual([
        [0, "Season 0"],
        [2, "Two"],
      ])
  })

  it.each([null, [], {}, { seasons: [], info: [], episodes: [] }, { info: null }, 7, "x"])(
    "are none when the panel answers %j",
    (answer) => expect(series(answer)).toBeNull(),
  )
})

describe("any answer", () => {
  const keys =
    "info movie_data seasons episodes id season name title rating duration backdrop_path cover 0 1".split(" ")
  const { answer } = fc.letrec((tie) => ({
    answer: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom<unknown>(null, true, 0, 1.5, -1, 1e300, "", "1", "00:10:00", "https://a.test/1.jpg"),
      fc.array(tie("answer"), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom(...keys), tie("answer"), { maxKeys: 5 }),
    ),
  }))

  it("gives details of the form that is stored, or none", () => {
    fc.assert(
      fc.property(answer, (given) => {
        const found = movie(given)
        if (found !== null)
          expect(movieDetailsSchema.parse({ ...found, ...asked })).toEqual({ ...found, ...asked })
        const show = series(given)
        if (show === null) return
        const episodes = show.episodes.map(({ panelId, ...rest }) => ({ id: panelId, ...rest }))
        const stored = { ...show, ...asked, episodes }
        expect(seriesDetailsSchema.parse(stored)).toEqual(stored)
        const numbers = new Set(show.seasons.map(({ number }) => number))
        for (const { season } of episodes) expect(numbers).toContain(season)
      }),
      { numRuns: 3000 },
    )
  })
})

const samples = new URL("../../../../shared/samples/xtream/", import.meta.url)
describe.skipIf(!existsSync(samples))("the samples of a real panel", () => {
  const sample = (name: string) => JSON.parse(readFileSync(new URL(`${name}.json`, samples), "utf8"))

  it("are read whole", () => {
    expect(movie(sample("movie"))).toMatchObject({
      name: "Movie Title",
      durationSeconds: 7200,
      extension: "mp4",
    })
    const show = series(sample("show"))
    expect(show?.seasons.map(({ name }) => name)).toEqual(["Specials", "Season 1"])
    expect(show?.episodes.map(({ panelId, number }) => [panelId, number])).toEqual([
      ["935666", 1],
      ["935727", 2],
    ])
  })
})
