import type { EntryKind } from "@tributary/shared/catalogue/entry"
import { describe, expect, it } from "vitest"
import { sections } from "./entries.ts"

const categories = new Map([
  ["1", "News"],
  ["3", "World"],
  ["4", ""],
])
const entryOf = (kind: EntryKind, element: unknown) =>
  sections.find((section) => section.kind === kind)?.entry(element, categories)
const live = (more: object) => entryOf("live", { stream_id: 7, name: "One", ...more })
const movie = (more: object) => entryOf("movie", { stream_id: 7, name: "One", ...more })
const series = (more: object) => entryOf("series", { series_id: 7, name: "One", ...more })

describe("an element of a panel's list", () => {
  it("is a channel, with its category as group", () => {
    const fields = {
      stream_icon: "http://l/1.png",
      epg_channel_id: "one.id",
      category_id: "1",
      is_adult: "0",
    }
    expect(live(fields)).toEqual({
      kind: "live",
      name: "One",
      attributes: [
        ["tvg-id", "one.id"],
        ["tvg-name", "One"],
        ["tvg-logo", "http://l/1.png"],
        ["group-title", "News"],
      ],
      groups: ["News"],
      locator: { kind: "xtream", streamId: "7", extension: "ts" },
    })
  })

  it("is a movie, with its own container", () => {
    const locator = { kind: "xtream", type: "movie", streamId: "7", extension: "mkv" }
    expect(movie({ container_extension: "MKV" })).toMatchObject({ kind: "movie", name: "One", locator })
    for (const container_extension of [null, undefined, "", [], false, "../x", "mp4/", "a.b", 4.2])
      expect(movie({ container_extension })?.locator).toMatchObject({ extension: "mp4" })
  })

  it("is a series, whose picture is its cover", () => {
    expect(series({ cover: "http://l/2.png", category_ids: [3, 1] })).toMatchObject({
      kind: "series",
      attributes: [
        ["tvg-id", ""],
        ["tvg-name", "One"],
        ["tvg-logo", "http://l/2.png"],
        ["group-title", "World;News"],
      ],
      groups: ["World", "News"],
      locator: { kind: "xtream", type: "series", streamId: "7", extension: "" },
    })
  })

  it.each([
    [{ category_id: 1 }, ["News"]],
    [{ category_id: "1", category_ids: [] }, ["News"]],
    [{ category_id: "1", category_ids: [9] }, ["News"]],
    [{ category_id: null, category_ids: [1] }, ["News"]],
    [{ category_id: "9", category_ids: ["3", 9, 1, "3", null, {}] }, ["World", "News"]],
    [{ category_ids: { "0": 3, "1": 1 } }, ["World", "News"]],
    [{ category_ids: "1" }, ["News"]],
    [{ category_id: "4" }, []],
    [{ category_id: [], category_ids: false }, []],
    [{}, []],
  ])("is in the categories that are known of %j", (fields, groups) => {
    for (const entry of [live(fields), movie(fields), series(fields)]) expect(entry?.groups).toEqual(groups)
  })

  it("has a name when the panel gives it none, and no odd value costs more than itself", () => {
    const odd = { name: null, stream_icon: false, epg_channel_id: [], category_id: {}, rating: [], added: {} }
    expect(live(odd)).toEqual({
      kind: "live",
      name: "Channel 7",
      attributes: [
        ["tvg-id", ""],
        ["tvg-name", "Channel 7"],
        ["tvg-logo", ""],
        ["group-title", ""],
      ],
      groups: [],
      locator: { kind: "xtream", streamId: "7", extension: "ts" },
    })
    expect([movie(odd)?.name, series(odd)?.name]).toEqual(["Movie 7", "Series 7"])
    expect(movie({ name: " ", title: "Title" })?.name).toBe("Title")
    expect(live({ name: 24 })?.name).toBe("24")
  })

  it("is said to be without a picture where the panel says so", () => {
    const radioOf = (fields: object) => live(fields)?.attributes.find(([name]) => name === "radio")?.[1]
    expect(radioOf({ stream_type: "radio_streams" })).toBe("true")
    expect(radioOf({ stream_type: "live" })).toBeUndefined()
    expect(radioOf({})).toBeUndefined()
  })

  it("has any id that can stand in an address", () => {
    for (const id of [7, "7", " 7 "])
      expect(live({ stream_id: id })?.locator).toMatchObject({ streamId: "7" })
    expect(live({ stream_id: "ab-c_9" })?.locator).toMatchObject({ streamId: "ab-c_9" })
    for (const id of [null, undefined, "", {}, [7], false, 1.5, "a/b", "7.ts", "x".repeat(65)]) {
      expect(live({ stream_id: id }), String(id)).toBeNull()
      expect(movie({ stream_id: id })).toBeNull()
      expect(series({ series_id: id })).toBeNull()
    }
  })

  it("is nothing when it is no map", () => {
    for (const { entry } of sections)
      for (const element of [undefined, null, 3, "x", true, [], [{ stream_id: 1, series_id: 1 }], {}])
        expect(entry(element, categories)).toBeNull()
  })
})

describe("the details of an element", () => {
  it("are those of a title, under any of their names", () => {
    const details = {
      rating: "7.5",
      added: "1740562532",
      releaseDate: "2024-06-15",
      plot: "Plot.",
      cast: "A, B",
      director: "D",
      genre: "Drama",
      backdrop: "http://l/b.png",
      trailer: "k2q",
      episodeMinutes: "37",
    }
    const common = {
      director: "D",
      genre: " Drama ",
      backdrop_path: ["/b.png", "http://l/b.png", "http://l/c.png"],
    }
    const one = {
      ...common,
      rating: 7.5,
      added: 1740562532,
      release_date: "2024-06-15",
      plot: "Plot.",
      cast: "A, B",
    }
    expect(movie({ ...one, youtube_trailer: "k2q", episode_run_time: 37 })?.details).toEqual(details)
    const other = {
      ...common,
      rating: "7.5",
      last_modified: "1740562532",
      releaseDate: "2024-06-15",
      actors: "A, B",
    }
    const rest = { description: "Plot.", trailer: "k2q", episode_run_time: "37" }
    expect(series({ ...other, ...rest, backdrop_path: "http://l/b.png" })?.details).toEqual(details)
  })

  it("are left out where the panel knows nothing", () => {
    const nothing = {
      rating: "0",
      added: "",
      release_date: null,
      plot: "",
      cast: [],
      backdrop_path: [],
      genre: false,
    }
    for (const fields of [
      {},
      nothing,
      { ...nothing, rating: 0, added: "0", episode_run_time: "0", year: [] },
    ])
      for (const entry of [live(fields), movie(fields), series(fields)])
        expect(entry).not.toHaveProperty("details")
  })

  it("tell what is kept for catch-up", () => {
    const catchup = (tv_archive: unknown, tv_archive_duration: unknown) =>
      live({ tv_archive, tv_archive_duration })?.details?.catchup
    for (const [flag, days] of [
      [1, 7],
      ["1", "7"],
      [true, "7"],
    ])
      expect(catchup(flag, days)).toEqual({ days: 7, kind: "xc" })
    for (const [flag, days] of [
      [0, 7],
      ["0", "7"],
      [null, 7],
      [1, 0],
      [1, null],
      [1, "many"],
      [1, 1.5],
      [1, "1e999"],
      [1, -1],
    ])
      expect(catchup(flag, days)).toBeUndefined()
  })

  it("tell what is for adults", () => {
    expect(live({ is_adult: "1" })?.details).toEqual({ isAdult: true })
    expect(movie({ is_adult: 1 })?.details).toEqual({ isAdult: true })
  })
})
