import { existsSync, readFileSync } from "node:fs"
import type { Entry, EntryKind } from "@tributary/shared/catalogue/entry"
import { describe, expect, it } from "vitest"
import { recordsIn } from "../catalogue/read-record.ts"
import { RecordWriter } from "../catalogue/record-writer.ts"
import { ImportError } from "../import-error.ts"
import { seededRandom } from "../test-inputs.ts"
import { type ReadXtreamOptions, readXtream } from "./read-xtream.ts"

const provider = { url: "http://panel.test:8080", login: { username: "ann", password: "s3cret" } }
const login = { user_info: { auth: 1, status: "Active", max_connections: "2" }, server_info: {} }
const page = "<html><body>503</body></html>"

/** A panel that answers actions with JSON, texts or errors; what it does not know, with the login. */
function panel(answers: Record<string, unknown>, pieceBytes = 65_536) {
  const asked: (string | null)[] = []
  async function* fetch(action: string | null) {
    asked.push(action)
    const answer = action !== null && action in answers ? answers[action] : (answers.login ?? login)
    if (answer instanceof Error) throw answer
    const bytes = Buffer.from(typeof answer === "string" ? answer : JSON.stringify(answer))
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
  }
  return { asked, fetch }
}

async function read(
  answers: Record<string, unknown>,
  more: Partial<ReadXtreamOptions> & { pieceBytes?: number } = {},
) {
  const parts: Buffer[] = []
  const writer = new RecordWriter((part) => void parts.push(part))
  const { asked, fetch } = panel(answers, more.pieceBytes)
  const kinds = new Set<EntryKind>(["live", "movie", "series"])
  const options = { fetch, provider, wanted: null, kinds, writer, ready: async () => undefined, now: 0 }
  const result = await readXtream({ ...options, ...more })
  writer.finish()
  return { ...result, asked, entries: parts.flatMap((part) => [...recordsIn(part)]) }
}

const names = (entries: Entry[], kind: EntryKind) =>
  entries.filter((entry) => entry.kind === kind).map(({ name }) => name)

const whole = {
  get_live_categories: [{ category_id: "1", category_name: "News" }],
  get_live_streams: [{ stream_id: 1, name: "One", category_id: 1, tv_archive: 1, tv_archive_duration: "3" }],
  get_vod_categories: { "1": { category_id: 1, category_name: "Films" } },
  get_vod_streams: { "0": { stream_id: "5", name: "Film", category_ids: ["1"], container_extension: "mkv" } },
  get_series_categories: [{ category_id: "1", category_name: "Shows" }],
  get_series: [{ series_id: "9", name: "Show", category_id: "1", rating: "8" }],
}

describe("an account", () => {
  it("is read as channels, movies and series, each with its own categories", async () => {
    for (const pieceBytes of [1, 7, 65_536]) {
      const { entries, ...rest } = await read(whole, { pieceBytes })
      expect(rest).toMatchObject({
        found: 3,
        failedKinds: [],
        problems: [],
        report: { maxConnections: 2, status: "active", expiresAt: null },
      })
      expect(entries).toMatchObject([
        { kind: "live", name: "One", groups: ["News"], details: { catchup: { days: 3, kind: "xc" } } },
        { kind: "movie", name: "Film", groups: ["Films"], locator: { type: "movie", extension: "mkv" } },
        { kind: "series", name: "Show", groups: ["Shows"], details: { rating: "8" } },
      ])
    }
  })

  it("is asked only for the kinds that are wanted", async () => {
    const { asked, entries } = await read(whole, { kinds: new Set(["series"]) })
    expect(asked).toEqual([null, "get_series_categories", "get_series"])
    expect(entries.map(({ kind }) => kind)).toEqual(["series"])
  })

  it("is not asked for lists when it is refused", async () => {
    const { asked, fetch } = panel({ login: { user_info: { auth: 0 } } })
    await expect(read({}, { fetch })).rejects.toMatchObject({ code: "login_failed" })
    expect(asked).toEqual([null])
  })

  it("is read to what include and exclude leave, and counted as a whole", async () => {
    const wanted = (name: string, groups: readonly string[]) => name !== "One" && !groups.includes("Shows")
    const { found, entries } = await read(whole, { wanted })
    expect([found, entries.map(({ name }) => name)]).toEqual([3, ["Film"]])
  })

  it("shows neither its server nor its login", async () => {
    const own = `${provider.url}/pictures/ann/s3cret/1.png`
    const { entries } = await read({
      get_live_streams: [{ stream_id: 1, stream_icon: own, epg_channel_id: "panel.test" }],
      get_vod_streams: [
        { stream_id: 1, stream_icon: `${provider.url}/1.png`, backdrop_path: [own], trailer: own },
      ],
      get_series: [{ series_id: 1, cover: own, backdrop_path: "http://l/1.png" }],
    })
    expect(JSON.stringify(entries)).not.toMatch(/panel\.test|s3cret/)
    expect(entries.map(({ logo }) => logo)).toEqual([
      "{server}/pictures/{username}/{password}/1.png",
      "{server}/1.png",
      "{server}/pictures/{username}/{password}/1.png",
    ])
    expect(entries.map(({ details }) => details?.backdrop)).toEqual([undefined, undefined, "http://l/1.png"])
  })

  it("is held up while its entries are not taken", async () => {
    const stream = { stream_id: 1, name: "x".repeat(50) }
    const streams = Array.from({ length: 2000 }, (_, at) => ({ ...stream, stream_id: at + 1 }))
    let [written, most, waits] = [0, 0, 0]
    const writer = { write: () => void written++ }
    const ready = async () => {
      most = Math.max(most, written)
      written = 0
      waits++
    }
    await read({ get_live_streams: streams }, { writer, ready, pieceBytes: 8192, kinds: new Set(["live"]) })
    expect(waits).toBeGreaterThan(10)
    expect(most).toBeLessThan(200)
  })
})

describe("a list that fails", () => {
  const unreachable = new ImportError("unreachable", "the connection broke off")
  const notFound = new ImportError("http_status", "the provider answered 404")
  const refused = { user_info: { auth: 0 } }
  const half = '[{"stream_id":1,"series_id":1,"name":"Half"},{"stream_id":2,"na'
  const odd = [{ error: "none" }, null, 7]
  const failures = [
    unreachable,
    notFound,
    page,
    "",
    login,
    refused,
    null,
    false,
    7,
    half,
    odd,
    { error: "no" },
  ]

  it.each(failures)("as channels do with %j, fails the import", async (answer) => {
    await expect(read({ ...whole, get_live_streams: answer })).rejects.toThrow(ImportError)
  })

  it.each(failures)("as movies do with %j, leaves the rest, and says so", async (answer) => {
    const { entries, failedKinds, problems } = await read({ ...whole, get_vod_streams: answer })
    expect(failedKinds).toEqual(["movie"])
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(/^the list of movies could not be read: the /)
    expect([names(entries, "live"), names(entries, "series")]).toEqual([["One"], ["Show"]])
  })

  it.each(failures)("as series do with %j, leaves the rest, and says so", async (answer) => {
    const { entries, failedKinds } = await read({ ...whole, get_series: answer })
    expect(failedKinds).toEqual(["series"])
    expect([names(entries, "live"), names(entries, "movie")]).toEqual([["One"], ["Film"]])
  })

  it.each([unreachable, page, '[{"category_id":1,', refused])(
    "for its categories %j fails too: its entries would all be in no group",
    async (answer) => {
      expect((await read({ ...whole, get_vod_categories: answer })).failedKinds).toEqual(["movie"])
      await expect(read({ ...whole, get_live_categories: answer })).rejects.toThrow(ImportError)
    },
  )

  it.each([login, null, false, [], {}, [null, 3, {}, { category_id: null }]])(
    "is none when there are no categories but %j",
    async (answer) => {
      const { entries, failedKinds } = await read({ ...whole, get_live_categories: answer })
      expect(failedKinds).toEqual([])
      expect(entries[0]?.groups).toEqual([])
    },
  )

  it("fails the import when no other list can be read", async () => {
    const kinds = new Set<EntryKind>(["movie", "series"])
    await expect(read({ get_vod_streams: page, get_series: page }, { kinds })).rejects.toThrow("web page")
    await expect(read({ get_vod_streams: page }, { kinds: new Set(["movie"]) })).rejects.toThrow("web page")
    const { failedKinds } = await read({ get_vod_streams: page, get_series: [] }, { kinds })
    expect(failedKinds).toEqual(["movie"])
  })

  it("is not one when an element of it is odd, or all of it is nothing", async () => {
    const streams =
      '[{"stream_id":1,"name":"A"},{"stream_id":2,name},[],{"stream_id":null},{"stream_id":3,"name":"C"}]'
    const { entries, found, failedKinds } = await read({
      get_live_streams: streams,
      get_vod_streams: [],
      get_series: {},
    })
    expect([names(entries, "live"), found, failedKinds]).toEqual([["A", "C"], 2, []])
  })

  it("lets a stop through, and what is no failure of the provider", async () => {
    for (const error of [new ImportError("interrupted", "stopped"), new TypeError("a mistake of ours")])
      await expect(read({ ...whole, get_vod_streams: error })).rejects.toBe(error)
  })
})

it("throws nothing but an ImportError for seeded random answers", async () => {
  const random = seededRandom(3)
  const keys = [
    "name",
    "stream_id",
    "series_id",
    "category_id",
    "category_ids",
    "user_info",
    "auth",
    "__proto__",
  ] as const
  const value = (depth: number): unknown => {
    const kind = random.below(depth > 3 ? 6 : 9)
    if (kind >= 6)
      return Object.fromEntries(
        Array.from({ length: random.below(4) }, () => [random.pick(keys), value(depth + 1)]),
      )
    if (kind === 5) return Array.from({ length: random.below(3) }, () => value(depth + 1))
    return random.pick([null, true, 0, 1, -1.5, 1e300, "", "1", "Active", "\u0000"])
  }
  const answer = () => {
    const text = JSON.stringify(random.below(4) === 0 ? value(0) : [value(1), { stream_id: 1 }])
    return random.below(20) === 0 ? text.slice(0, random.below(text.length)) : text
  }
  let [failed, passed] = [0, 0]
  for (let round = 0; round < 1500; round++) {
    const answers = Object.fromEntries(Object.keys(whole).map((action) => [action, answer()]))
    const outcome = await read(answers, { pieceBytes: 1 + random.below(20) }).catch((error: unknown) => error)
    if (!(outcome instanceof Error)) passed++
    else {
      expect(outcome).toBeInstanceOf(ImportError)
      failed++
    }
  }
  expect(Math.min(failed, passed)).toBeGreaterThan(100)
})

const samples = new URL("../../../../../shared/samples/xtream/", import.meta.url)
describe.skipIf(!existsSync(samples))("the samples of a real panel", () => {
  const sample = (name: string) => JSON.parse(readFileSync(new URL(`${name}.json`, samples), "utf8"))

  it("are read whole", async () => {
    const { entries, found, report, failedKinds } = await read({
      login: { user_info: sample("profile"), server_info: sample("server-info") },
      get_live_categories: sample("categories"),
      get_live_streams: sample("channels"),
      get_vod_categories: sample("movie-categories"),
      get_vod_streams: sample("movies"),
      get_series_categories: sample("show-categories"),
      get_series: sample("shows"),
    })
    expect([found, failedKinds, report.maxConnections]).toEqual([8, [], 5])
    expect(names(entries, "movie")).toEqual(["Summer Adventure (2024)", "The Last Stand (2023)"])
    expect(entries[0]).toMatchObject({
      name: "News 24/7",
      groups: ["Sports"],
      details: { added: "1735884153" },
    })
    expect(entries.at(-1)?.details).toMatchObject({ releaseDate: "2025-02-24", episodeMinutes: "37" })
  })
})
