import type { Entry } from "@tributary/shared/catalogue/entry"
import { normaliseName } from "@tributary/shared/catalogue/group-key"
import { type IndexShard, shardOfId, shardOfName } from "@tributary/shared/snapshot/index-shard"
import type { AdminRow } from "@tributary/shared/snapshot/manifest"
import { describe, expect, it } from "vitest"
import { parseList, seededRandom } from "../../test-inputs.ts"
import { entry, readable } from "../test-catalogue.ts"
import { TestEdge } from "../test-edge.ts"

async function published(entries: Entry[], more: Parameters<TestEdge["publishAll"]>[1] = {}) {
  const edge = new TestEdge()
  await edge.store("a", entries)
  await edge.publishAll(["a"], more)
  const manifest = await edge.current()
  const text = (view: (typeof manifest)["guide"]) => edge.text(manifest, view)
  return { edge, manifest, text }
}
const grouped = (name: string, groups: string[], more: Partial<Entry> = {}) =>
  entry(name, `http://feeds.test/${name}`, { "group-title": groups.join(";") }, { groups, ...more })
/** A playlist as a viewer gets it, but for the viewer. */
const filled = (template: string) =>
  `#EXTM3U\n${template
    .replaceAll("\u0001", "http://e/stream/")
    .replaceAll("\u0002", ".ts")
    .replaceAll("\u0003", "http://e/logo/")
    .replaceAll("\u0004", "http://e/movie/u/p/")
    .replaceAll("\u0005", "http://e/series/u/p/")
    .replaceAll("\u000e", "")
    .replaceAll("\u000f", "")}`

describe("the playlists of a snapshot", () => {
  it("hold every channel once in their order, and a group's its own", async () => {
    const { manifest, text } = await published([
      grouped("One", ["News", "World"]),
      entry("Two", "2"),
      grouped("Three", ["News"]),
    ])
    const { live, movie } = manifest.sections
    const names = (template: string) =>
      [...readable(template).matchAll(/,(.+)<properties>\n/g)].map(([, name]) => name)
    expect(names(text(live.playlist))).toEqual(["One", "Three", "Two"])
    expect(
      live.groups.map(({ name, slug, entries, playlist }) => [name, slug, entries, names(text(playlist))]),
    ).toEqual([
      ["News", "news", 2, ["One", "Three"]],
      ["World", "world", 1, ["One"]],
    ])
    expect(live.entries).toBe(3)
    expect(movie).toEqual({ entries: 0, playlist: [], list: [], lineup: [], groups: [] })
    expect(readable(text(live.playlist))).toMatch(
      /^#EXTINF:-1 group-title="News;World"<attributes end>,One<properties>\n<stream>\d{9,10}<end>\n#EXTINF:-1 group-title="News"<attributes end>,Three<properties>\n/,
    )
  })

  it("address movies and episodes as files of their kind, and tell Kodi so unless their list does", async () => {
    const { manifest, text } = await published([
      entry(
        "Film",
        "x",
        {},
        { kind: "movie", locator: { kind: "xtream", type: "movie", streamId: "7", extension: "mkv" } },
      ),
      entry("Film 2", "http://h.test/movie/a/b/9.MP4?x=1", { Media: "false" }, { kind: "movie" }),
      entry("Show S01E01", "http://h.test/series/a/b/9", {}, { kind: "episode" }),
    ])
    const { movie, episode } = manifest.sections
    expect(readable(text(movie.playlist))).toMatch(
      /^#EXTINF:-1 media="true"<attributes end>,Film\n<movie>\d+\.mkv\n#EXTINF:-1 Media="false"<attributes end>,Film 2\n<movie>\d+\.mp4\n$/,
    )
    expect(readable(text(episode.playlist))).toMatch(
      /^#EXTINF:-1 media="true"<attributes end>,Show S01E01\n<series>\d+\.mp4\n$/,
    )
  })

  it("are the same bytes for the same catalogue, whatever order it came in", async () => {
    const entries = Array.from({ length: 300 }, (_, at) =>
      grouped(`Name ${at % 250}`, [`G${at % 7}`, `H${at % 3}`]),
    )
    const snapshots = await Promise.all([entries, entries].map((list) => published(list)))
    const [one, two] = snapshots.map(({ edge, manifest }) =>
      manifest.packs.map((_, pack) =>
        edge.stored.get(`snapshots/${manifest.snapshot}/packs/${pack}`)?.toString("hex"),
      ),
    )
    expect(one).toEqual(two)
  })

  it("are read back as what the entries were, and no entry forges a line, whatever is in it", async () => {
    const random = seededRandom(77)
    const alphabet = [
      "a",
      "B",
      "1",
      " ",
      ",",
      '"',
      "=",
      "\n",
      "\r",
      "\u0001",
      "\u0002",
      "\u0003",
      "\u001f",
      "#",
      "é",
      "\u2028",
      "\u0085",
      "日",
      "\\",
      "<",
      "&",
      "{",
      "\u007f",
    ] as const
    const clean = (text: string) => text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    const entries = Array.from({ length: 400 }, (_, at) =>
      entry(
        `${at} ${random.text(random.below(12), alphabet)}#EXTINF:-1,x`,
        `http://feeds.test/${at}`,
        {
          [`k${random.below(3)}`]: random.text(random.below(20), alphabet),
          "tvg-id": `${at} ${random.text(random.below(5), alphabet)}`,
          "group-title": "G",
        },
        { groups: ["G"] },
      ),
    )
    const { manifest, text } = await published(entries)
    const template = text(manifest.sections.live.playlist)
    expect(template.split("\n")).toHaveLength(entries.length * 2 + 1)
    const parsed = await parseList(filled(template), { url: "http://e/", login: null })
    const shown = (one: Entry) => [one.name, one.attributes, one.groups]
    const wanted = entries.map((one) => [
      clean(one.name).trim(),
      one.attributes.map(([key, value]) => [key, clean(value.replaceAll('"', "'"))]),
      one.groups,
    ])
    const byName = (a: unknown[], b: unknown[]) => (String(a[0]) < String(b[0]) ? -1 : 1)
    expect(parsed.map(shown).sort(byName)).toEqual(wanted.sort(byName))
  })

  it("have slugs for any group's name, the same in every section, and none twice", async () => {
    const names = ["News!", "news", "NEWS", "☃", "???", "news-2", "日".repeat(500)]
    const { manifest } = await published(
      names.flatMap((name, at) => [grouped(`L${at}`, [name]), grouped(`M${at}`, [name], { kind: "movie" })]),
    )
    const slugs = (kind: "live" | "movie") =>
      manifest.sections[kind].groups.map(({ name, slug }) => [name, slug])
    expect(new Set(slugs("live").map(([, slug]) => slug)).size).toBe(names.length)
    expect(slugs("movie")).toEqual(slugs("live"))
    for (const [, slug = ""] of slugs("live")) expect(Buffer.byteLength(slug)).toBeLessThan(700)
  })

  it("write a logo on the provider's server as one of ours", async () => {
    const own = entry("One", "1", { "tvg-id": "a,b", "TVG-Logo": "", x: "y" }, { logo: "{server}/l.png" })
    const { manifest, text } = await published([own])
    expect(readable(text(manifest.sections.live.playlist))).toMatch(
      /^#EXTINF:-1 tvg-id="a,b" TVG-Logo="<logo>(\d+)" x="y"<attributes end>,One<properties>\n<stream>\1<end>\n$/,
    )
    expect(readable(text(manifest.sections.live.list))).toMatch(/"stream_id":(\d+),"stream_icon":"<logo>\1"/)
  })
})

describe("the lists for Xtream players", () => {
  it("have panels' types, and a row's number wherever the row is", async () => {
    const { manifest, text } = await published([
      grouped("B", ["News", "World"], {
        attributes: [
          ["tvg-id", "b.id"],
          ["tvg-logo", "http://l/b.png"],
        ],
      }),
      grouped('A "quoted" \\', []),
    ])
    const rows = JSON.parse(`[${text(manifest.sections.live.list)}]`)
    expect(rows).toMatchObject([
      {
        num: 1,
        name: 'A "quoted" \\',
        stream_type: "live",
        epg_channel_id: null,
        category_id: "0",
        category_ids: [],
        stream_icon: "",
      },
      { num: 2, name: "B", epg_channel_id: "b.id", stream_icon: "http://l/b.png" },
    ])
    expect(typeof rows[1].stream_id).toBe("number")
    expect(rows[1].category_id).toMatch(/^\d+$/)
    expect(rows[1].category_ids).toHaveLength(2)
    const world = manifest.sections.live.groups.find(({ name }) => name === "World")
    expect(JSON.parse(`[${text(world?.list ?? [])}]`)).toEqual([rows[1]])
  })

  it("tell of stations without a picture, as the playlist does", async () => {
    const { manifest, text } = await published([
      entry("A", "1", { radio: "true" }),
      entry("B", "2", { RADIO: "1" }),
      entry("C", "3", { radio: "false" }),
      entry("D", "4", { "x-radio": "true" }),
      entry("Radio E", "5"),
    ])
    const rows = JSON.parse(`[${text(manifest.sections.live.list)}]`) as { stream_type: string }[]
    const [radio, live] = ["radio_streams", "live"]
    expect(rows.map(({ stream_type }) => stream_type)).toEqual([radio, radio, live, live, live])
    expect(text(manifest.sections.live.playlist)).toContain('#EXTINF:-1 radio="true"')
  })

  it("tell of movies and series what the source told", async () => {
    const { manifest, text } = await published([
      entry(
        'Fi"lm (1999)',
        "x",
        {},
        {
          kind: "movie",
          locator: { kind: "xtream", type: "movie", streamId: "7", extension: "mkv" },
          details: { rating: "7.5", added: "1600000000", plot: "Plot", episodeMinutes: "90" },
        },
      ),
      entry(
        "Show",
        "y",
        {},
        {
          kind: "series",
          locator: { kind: "xtream", type: "series", streamId: "8", extension: "" },
          details: {
            plot: 'Pl"ot',
            cast: "A, B",
            genre: "Drama",
            backdrop: "http://b/1.jpg",
            episodeMinutes: "42",
          },
        },
      ),
    ])
    expect(JSON.parse(`[${text(manifest.sections.movie.list)}]`)[0]).toMatchObject({
      stream_type: "movie",
      ...{ name: 'Fi"lm (1999)', title: 'Fi"lm', year: "1999" },
      ...{ plot: "Plot", cast: "", release_date: "", episode_run_time: 90 },
      rating: 7.5,
      rating_5based: 3.8,
      added: "1600000000",
      container_extension: "mkv",
    })
    const [show] = JSON.parse(`[${text(manifest.sections.series.list)}]`)
    expect(show).toMatchObject({
      ...{ stream_type: "series", title: "Show", year: null, rating: "", rating_5based: 0 },
      plot: 'Pl"ot',
      cast: "A, B",
      genre: "Drama",
      backdrop_path: ["http://b/1.jpg"],
      episode_run_time: "42",
    })
    expect(typeof show.series_id).toBe("number")
    expect(manifest.sections.series.playlist).toEqual([])
    expect(manifest.sections.episode.list).toEqual([])
  })
})

describe("the index of a snapshot", () => {
  it("has every channel in the shard of its id and its name's, in small shards that lie in few packs", async () => {
    const entries = Array.from({ length: 20_000 }, (_, at) =>
      grouped(`Kanal ${at} ${at % 2 ? "Ü" : ""}`, ["G"]),
    )
    const { edge, manifest } = await published(entries)
    const texts = edge.shards(manifest)
    const shards = texts.map((text) => JSON.parse(text) as IndexShard)
    const all = shards.flatMap((shard) => Object.entries(shard.channels))
    expect(new Set(all.map(([, { name }]) => name)).size).toBe(20_000)
    for (const [id, { name, feeds }] of all) {
      const normal = normaliseName(name)
      expect(shards[shardOfId(id, shards.length)]?.channels[id]?.name).toBe(name)
      expect(shards[shardOfName(normal, shards.length)]?.names[normal]).toBe(id)
      expect(feeds).toEqual([
        {
          id: expect.stringMatching(/^[a-z0-9]+$/),
          source: "a",
          locator: { kind: "url", template: expect.stringContaining("feeds.test") },
        },
      ])
    }
    const near = all.filter(
      ([id, { name }]) => shardOfName(normaliseName(name), shards.length) === shardOfId(id, shards.length),
    )
    // Grouped by name, an id and its name lie together, but for the few ids that collided.
    expect(near.length).toBeGreaterThan(19_990)
    expect(Math.max(...texts.map((text) => Buffer.byteLength(text)))).toBeLessThan(64 * 1024)
    expect(manifest.packs.length).toBeLessThan(5)
  })

  it("gives a name that several have to the first, and has names like an object's own properties", async () => {
    const names = ["Same", "SAME ", "__proto__", "constructor", "toString"]
    const { edge, manifest } = await published(
      names.map((name, at) => entry(name, `u${at}`, { "tvg-id": `${at}` })),
      { shaping: { groupBy: "tvg-id", sortField: "tvg-id", sortDirection: "asc" } },
    )
    const shards = edge.shards(manifest).map((text) => JSON.parse(text) as IndexShard)
    const found = Object.fromEntries(shards.flatMap((shard) => Object.entries(shard.names)))
    expect(Object.keys(shards[0]?.channels ?? {})).toHaveLength(5)
    expect(new Set(shards.flatMap((shard) => Object.keys(shard.names)))).toEqual(
      new Set(["__proto__", "constructor", "same", "tostring"]),
    )
    expect(edge.channel(manifest, String(found.same))?.name).toBe("Same")
  })

  it("has what admission and streams need: kind, logo, headers, catch-up and locators of every form", async () => {
    const { edge, manifest } = await published([
      entry(
        "Live",
        "x",
        {},
        {
          locator: { kind: "xtream", streamId: "5", extension: "ts" },
          headers: { referer: 'http://r/"q"' },
          details: { catchup: { days: 7, kind: "xc" } },
          logo: "{server}/l.png",
          groups: ["A", 'B"'],
        },
      ),
      entry(
        "Film",
        "x",
        {},
        { kind: "movie", locator: { kind: "xtream", type: "movie", streamId: "a.b", extension: "mkv" } },
      ),
    ])
    const shards = edge
      .shards(manifest)
      .flatMap((text) => Object.values((JSON.parse(text) as IndexShard).channels))
    expect(shards.find(({ name }) => name === "Live")).toEqual({
      name: "Live",
      groups: ["A", 'B"'],
      logo: { source: "a", template: "{server}/l.png" },
      feeds: [
        {
          id: expect.any(String),
          source: "a",
          locator: { kind: "xtream", streamId: "5", extension: "ts" },
          headers: { referer: 'http://r/"q"' },
          catchup: { days: 7, kind: "xc" },
        },
      ],
    })
    expect(shards.find(({ name }) => name === "Film")).toMatchObject({
      kind: "movie",
      feeds: [{ locator: { kind: "xtream", type: "movie", streamId: "a.b", extension: "mkv" } }],
    })
  })

  it("leaves hidden channels out, which the admin's rows still have", async () => {
    const first = await published([
      entry("One", "1"),
      entry("Two", "2", { "tvg-chno": "12", "tvg-id": "two" }),
    ])
    const rowsOf = ({ manifest, edge }: typeof first) =>
      manifest.admin.pages.flatMap((page) =>
        edge
          .text(manifest, [page])
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line) as AdminRow),
      )
    const [one, two] = rowsOf(first)
    expect(two).toEqual({
      id: expect.any(String),
      kind: "live",
      name: "Two",
      groups: [],
      tvgId: "two",
      logo: "",
      number: 12,
      feeds: [{ id: expect.any(String), source: "a", name: "Two" }],
      hidden: false,
      guide: false,
    })
    const hidden = await published([entry("One", "1"), entry("Two", "2")], {
      edits: new Map([[one?.id ?? "", { hidden: true }]]),
    })
    expect(rowsOf(hidden).map(({ name, hidden: isHidden }) => [name, isHidden])).toEqual([
      ["Two", false],
      ["One", true],
    ])
    expect(hidden.edge.channel(hidden.manifest, one?.id ?? "")).toBeUndefined()
    expect(hidden.text(hidden.manifest.sections.live.playlist)).not.toContain("One")
  })
})
