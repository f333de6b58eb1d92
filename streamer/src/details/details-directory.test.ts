import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { DetailsDirectory } from "./details-directory.ts"
import { feed, json, startDetailsFixture } from "./details-fixture.ts"

const hour = 3_600_000
let fixture: Awaited<ReturnType<typeof startDetailsFixture>>
let directory: DetailsDirectory

beforeAll(async () => {
  fixture = await startDetailsFixture()
})
afterAll(() => fixture?.close())
beforeEach(() => {
  fixture.reset()
  directory = fixture.directory()
  const { channels } = fixture.edge
  channels.set("100", { kind: "movie", name: "Film", groups: [], feeds: [feed("one", "movie", "5")] })
  const feeds = [feed("one", "series", "9"), feed("two", "series", "77")]
  channels.set("200", { kind: "series", name: "Show", groups: [], feeds })
})

const film = { info: { name: "Film", plot: "Plot." }, movie_data: { container_extension: "mkv" } }
const show = {
  info: { name: "Show" },
  seasons: [],
  episodes: { "1": [{ id: "935", title: "Pilot", container_extension: "mkv" }, { id: 936 }] },
}
const refuses = (_: unknown, response: { writeHead: (status: number) => { end: () => void } }) =>
  void response.writeHead(503).end()

describe("a title's details", () => {
  it("are asked of the panel with the primary profile's login", async () => {
    fixture.one.answer = json(film)
    expect(await directory.find("movie", "100")).toEqual({
      ok: true,
      details: {
        kind: "movie",
        name: "Film",
        plot: "Plot.",
        extension: "mkv",
        backdrops: [],
        source: "one",
        fetchedAt: fixture.clock.now,
      },
    })
    const login = "username=user-one&password=pass%26word"
    expect(fixture.one.asked).toEqual([`/player_api.php?${login}&action=get_vod_info&vod_id=5`])
    fixture.one.answer = json(show)
    await directory.find("series", "200")
    expect(fixture.one.asked[1]).toBe(`/player_api.php?${login}&action=get_series_info&series_id=9`)
  })

  it("are kept for a day, for every streamer", async () => {
    fixture.one.answer = json(film)
    const first = await directory.find("movie", "100")
    expect([...fixture.edge.objects.keys()]).toEqual(["details/movie/100.json"])
    fixture.clock.now += 24 * hour - 1
    expect(await fixture.directory().find("movie", "100")).toEqual(first)
    expect(fixture.one.asked).toHaveLength(1)
    fixture.clock.now += 1
    fixture.one.answer = json({ ...film, info: { name: "Film 2" } })
    expect(await directory.find("movie", "100")).toMatchObject({ details: { name: "Film 2" } })
    expect(await fixture.directory().find("movie", "100")).toMatchObject({ details: { name: "Film 2" } })
    expect(fixture.one.asked).toHaveLength(2)
  })

  it("are asked again when those that are kept are of the future, of another version or of a source that is gone", async () => {
    fixture.one.answer = json(film)
    await directory.find("movie", "100")
    const kept = JSON.parse(fixture.edge.objects.get("details/movie/100.json") ?? "")
    for (const change of [{ fetchedAt: fixture.clock.now + hour }, { backdrops: null }, { source: "gone" }]) {
      fixture.one.asked = []
      fixture.edge.objects.set("details/movie/100.json", JSON.stringify({ ...kept, ...change }))
      await directory.find("movie", "100")
      expect(fixture.one.asked, JSON.stringify(change)).toHaveLength(1)
    }
  })

  it("are old ones when the provider fails, and none when there are none", async () => {
    fixture.one.answer = json(film)
    const first = await directory.find("movie", "100")
    fixture.clock.now += 100 * hour
    const failures = [refuses, json({ user_info: { auth: 0 } }), json(null), json([]), json({ info: [] })]
    for (const answer of failures) {
      fixture.one.answer = answer
      expect(await directory.find("movie", "100")).toEqual(first)
    }
    fixture.edge.objects.clear()
    fixture.one.answer = refuses
    expect(await directory.find("movie", "100")).toEqual({ ok: false, reason: "failed" })
    for (const body of ["<html>", "", '{"user_info":{"auth":1}}', '{"info":']) {
      fixture.one.answer = (_, response) => void response.end(body)
      expect(await directory.find("movie", "100"), body).toEqual({ ok: false, reason: "failed" })
    }
    fixture.one.answer = json({ info: [] })
    expect(await directory.find("movie", "100")).toEqual({ ok: false, reason: "unknown" })
    expect(fixture.edge.objects.size).toBe(0)
  })

  it("are those of the next source when the first has none", async () => {
    fixture.two.answer = json(show)
    for (const answer of [refuses, json({ seasons: [], info: [], episodes: [] })]) {
      fixture.edge.objects.clear()
      fixture.one.answer = answer
      expect(await directory.find("series", "200")).toMatchObject({ ok: true, details: { source: "two" } })
    }
    expect(fixture.two.asked[0]).toContain(
      "username=user-two&password=pass%26word&action=get_series_info&series_id=77",
    )
  })

  it("are not waited for when a panel hangs: the next is asked, or the old ones are given", async () => {
    const hasty = fixture.directory({ patienceMilliseconds: 200 })
    const hangs = () => undefined
    fixture.one.answer = hangs
    fixture.two.answer = json(show)
    const fromTwo = await hasty.find("series", "200")
    expect(fromTwo).toMatchObject({ ok: true, details: { source: "two" } })
    fixture.clock.now += 25 * hour
    fixture.two.answer = hangs
    expect(await hasty.find("series", "200")).toEqual(fromTwo)
  })

  it("are not asked of a panel again right after it did not answer", async () => {
    fixture.one.answer = (request) => void request.destroy()
    fixture.two.answer = json({ ...show, info: { name: "From two" } })
    expect(await directory.find("series", "200")).toMatchObject({ details: { source: "two" } })
    expect(await directory.find("movie", "100")).toEqual({ ok: false, reason: "failed" })
    expect(fixture.one.asked).toHaveLength(1)
    fixture.clock.now += 30_000
    fixture.one.answer = json(film)
    expect(await directory.find("movie", "100")).toMatchObject({ ok: true })
    expect(fixture.one.asked).toHaveLength(2)
  })

  it("are unknown for what is no such title, and for one that no panel has", async () => {
    const { channels } = fixture.edge
    const file = { kind: "url", template: "{server}/movie/{username}/{password}/1.mp4" } as const
    channels.set("300", {
      kind: "movie",
      name: "M3U",
      groups: [],
      feeds: [{ id: "x", source: "one", locator: file }],
    })
    channels.set("400", { name: "Live", groups: [], feeds: [feed("one", undefined, "5")] })
    channels.set("401", { name: "Live", groups: [], feeds: [feed("one", "movie", "5")] })
    channels.set("402", { kind: "movie", name: "Merged", groups: [], feeds: [feed("one", "series", "5")] })
    channels.set("500", { kind: "movie", name: "Gone", groups: [], feeds: [feed("gone", "movie", "5")] })
    fixture.one.answer = json(film)
    for (const [kind, id] of [
      ["movie", "1"],
      ["movie", "300"],
      ["movie", "400"],
      ["movie", "401"],
      ["movie", "402"],
      ["movie", "500"],
      ["movie", "200"],
      ["series", "100"],
    ] as const)
      expect(await directory.find(kind, id), `${kind} ${id}`).toEqual({ ok: false, reason: "unknown" })
    expect(fixture.one.asked).toEqual([])
  })

  it("are fetched once for all who ask at the same time, and again for who asks later", async () => {
    fixture.one.answer = json(film)
    const all = await Promise.all([1, 2, 3].map(() => directory.find("movie", "100")))
    expect(new Set(all).size).toBe(1)
    expect(fixture.one.asked).toHaveLength(1)
    fixture.edge.objects.clear()
    await directory.find("movie", "100")
    expect(fixture.one.asked).toHaveLength(2)
  })

  it("are refused while very many titles are being fetched", async () => {
    fixture.one.answer = json(film)
    const ids = Array.from({ length: 40 }, (_, at) => String(1000 + at))
    for (const id of ids)
      fixture.edge.channels.set(id, {
        kind: "movie",
        name: id,
        groups: [],
        feeds: [feed("one", "movie", id)],
      })
    const results = await Promise.all(ids.map((id) => directory.find("movie", id)))
    expect(results.filter(({ ok }) => ok)).toHaveLength(32)
    expect(await directory.find("movie", "1039")).toMatchObject({ ok: true })
  })

  it("are given though they could not be kept", async () => {
    fixture.one.answer = json(film)
    fixture.edge.isBroken = true
    expect(await directory.find("movie", "100")).toMatchObject({ ok: true })
  })

  it("are not waited for longer than the answer may be", async () => {
    fixture.one.answer = (_, response) => void response.end(`{"info":"${"x".repeat(5 * 1024 * 1024)}"}`)
    expect(await directory.find("movie", "100")).toEqual({ ok: false, reason: "failed" })
  })
})

describe("the episodes of a series", () => {
  it("have ids of ours that say where they are, and stay when the details are fetched again", async () => {
    fixture.one.answer = json(show)
    const found = await directory.find("series", "200")
    const episodes = found.ok && found.details.kind === "series" ? found.details.episodes : []
    expect(episodes.map(({ title, extension }) => [title, extension])).toEqual([
      ["Pilot", "mkv"],
      ["Episode 2", "mp4"],
    ])
    expect(JSON.stringify(found)).not.toContain("935")
    const [pilot, second] = episodes
    expect(pilot?.id).toMatch(/^[1-9]\d{8,9}$/)
    const kept = await fixture.episode(pilot?.id ?? "")
    expect(kept?.record).toEqual({
      source: "one",
      series: "200",
      name: "Pilot",
      locator: { kind: "xtream", type: "series", streamId: "935", extension: "mkv" },
    })
    expect(kept?.seconds).toBeGreaterThan(30 * 24 * 3600 - 60)
    expect((await fixture.episode(second?.id ?? ""))?.record.locator).toMatchObject({ streamId: "936" })
    fixture.clock.now += 25 * hour
    fixture.one.answer = json({ ...show, episodes: [[], show.episodes["1"].toReversed(), [{ id: 1 }]] })
    const again = await directory.find("series", "200")
    const ids = again.ok && again.details.kind === "series" ? again.details.episodes.map(({ id }) => id) : []
    expect(ids).toHaveLength(3)
    expect(ids).toEqual(expect.arrayContaining([pilot?.id, second?.id]))
  })

  it("are stored in one round trip", async () => {
    const many = Array.from({ length: 800 }, (_, at) => ({ id: at + 1 }))
    fixture.one.answer = json({ info: { name: "Show" }, episodes: { "1": many } })
    fixture.gateway.resetStats()
    await directory.find("series", "200")
    expect(fixture.gateway.stats()).toMatchObject({ requests: 1 })
  })
})
