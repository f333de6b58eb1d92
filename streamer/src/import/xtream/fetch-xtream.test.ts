import { describe, expect, it } from "vitest"
import { ImportError } from "../import-error.ts"
import { collected, seededRandom } from "../test-inputs.ts"
import { readAccount, readLiveEntries } from "./fetch-xtream.ts"

const now = Date.UTC(2026, 0, 1)
const account = (answer: unknown) =>
  readAccount({ call: async () => (typeof answer === "string" ? answer : JSON.stringify(answer)) }, now)
const login = (user: object) =>
  account({ user_info: { auth: 1, status: "Active", ...user }, server_info: {} })

describe("an account", () => {
  it.each([
    [
      { max_connections: "2", exp_date: "1893456000" },
      { maxConnections: 2, expiresAt: 1_893_456_000_000 },
    ],
    [
      { max_connections: 3, exp_date: 1_893_456_000 },
      { maxConnections: 3, expiresAt: 1_893_456_000_000 },
    ],
    [
      { max_connections: "0", exp_date: null },
      { maxConnections: null, expiresAt: null },
    ],
    [
      { max_connections: 0, exp_date: "" },
      { maxConnections: null, expiresAt: null },
    ],
    [
      { max_connections: null, exp_date: "null" },
      { maxConnections: null, expiresAt: null },
    ],
    [
      { max_connections: [], exp_date: false },
      { maxConnections: null, expiresAt: null },
    ],
    [
      { max_connections: "many", exp_date: 0 },
      { maxConnections: null, expiresAt: null },
    ],
    [{}, { maxConnections: null, expiresAt: null }],
  ])("with %j is read", async (user, expected) => {
    for (const auth of [1, "1", true])
      expect(await login({ ...user, auth })).toEqual({ status: "active", ...expected })
  })

  it("may have any status", async () => {
    expect((await login({ status: "ACTIVE" })).status).toBe("active")
    for (const status of ["Trial", null, 7, {}, undefined])
      expect((await login({ status })).status).toBe("unknown")
  })

  it.each([
    ["login_failed", { user_info: { auth: 0 } }],
    ["login_failed", { user_info: { auth: "0" } }],
    ["login_failed", { user_info: { auth: false } }],
    ["login_failed", { user_info: { auth: 0, status: "Expired" } }],
    ["account_expired", { user_info: { auth: 1, status: "Expired" } }],
    ["account_expired", { user_info: { auth: 1, status: "Active", exp_date: String(now / 1000) } }],
    ["account_expired", { user_info: { auth: 1, status: "Active", exp_date: now / 1000 - 1 } }],
    ["account_banned", { user_info: { auth: 1, status: "Banned" } }],
    ["account_banned", { user_info: { auth: "1", status: "Disabled", exp_date: null } }],
    ["not_xtream", []],
    ["not_xtream", null],
    ["not_xtream", {}],
    ["not_xtream", { user_info: [] }],
    ["not_xtream", { user_info: null }],
    ["not_xtream", "<html><body>404</body></html>"],
    ["not_xtream", ""],
    ["not_xtream", "{"],
  ])("is refused as %s for %j", async (code, answer) => {
    await expect(account(answer)).rejects.toMatchObject({ name: "ImportError", code })
  })

  it("that is refused by a web page is told from other nonsense", async () => {
    await expect(account(" \n<html>")).rejects.toThrow("web page")
    await expect(account("nonsense")).rejects.toThrow("is not Xtream's")
  })
})

const entries = (streams: unknown, categories: unknown = [{ category_id: "1", category_name: "News" }]) =>
  readLiveEntries({
    call: async (action) => {
      const answer = action === "get_live_streams" ? streams : categories
      return typeof answer === "string" ? answer : JSON.stringify(answer)
    },
  })

describe("the channels of an account", () => {
  it("have their ids, names, logos and categories, whatever their types", async () => {
    const stream = { name: "One", stream_id: 7, stream_icon: "http://l/1.png", epg_channel_id: "one.id" }
    const expected = {
      name: "One",
      attributes: [
        ["tvg-id", "one.id"],
        ["tvg-name", "One"],
        ["tvg-logo", "http://l/1.png"],
        ["group-title", "News"],
      ],
      groups: ["News"],
      locator: { kind: "xtream", streamId: "7", extension: "ts" },
    }
    for (const id of ["1", 1]) {
      const categories = [{ category_id: id, category_name: "News", parent_id: 0 }]
      for (const streams of [
        [{ ...stream, category_id: "1" }],
        [{ ...stream, category_id: 1, stream_id: "7" }],
        { "0": { ...stream, category_id: null, category_ids: [1] } },
        [{ ...stream, category_id: "1", category_ids: "1" }],
        [
          { ...stream, category_id: "1", category_ids: [] },
          null,
          3,
          "x",
          [],
          {},
          { name: "no id" },
          { stream_id: "" },
        ],
      ])
        expect(await entries(streams, categories)).toEqual([expected])
      expect(await entries([{ ...stream, category_id: 1 }], { a: categories[0] })).toEqual([expected])
    }
  })

  it("are in several categories, and in none that is unknown", async () => {
    const categories = [
      { category_id: 1, category_name: "News" },
      { category_id: 2, category_name: null },
      { category_id: "3", category_name: "World" },
      { category_name: "no id" },
    ]
    const [entry] = await entries([{ name: "x", stream_id: 1, category_ids: [3, 2, 9, 1] }], categories)
    expect(entry?.groups).toEqual(["World", "News"])
    for (const none of [null, [], {}, false]) {
      const [alone] = await entries([{ name: "x", stream_id: 1, category_id: "1" }], none)
      expect(alone?.groups).toEqual([])
    }
  })

  it("keep a channel that has nothing but an id, and odd values cost only themselves", async () => {
    const odd = {
      stream_id: 5,
      name: null,
      stream_icon: false,
      epg_channel_id: [],
      category_id: {},
      category_ids: [null],
    }
    expect(await entries([odd])).toEqual([
      {
        name: "Channel 5",
        attributes: [
          ["tvg-id", ""],
          ["tvg-name", "Channel 5"],
          ["tvg-logo", ""],
          ["group-title", ""],
        ],
        groups: [],
        locator: { kind: "xtream", streamId: "5", extension: "ts" },
      },
    ])
  })

  it("are no list when the panel sends something else", async () => {
    for (const answer of [null, false, 7, "<html>", "", { user_info: { auth: 0 } }])
      await expect(entries(answer)).rejects.toMatchObject({ code: "not_xtream" })
    expect(await entries([])).toEqual([])
  })

  it("never throw anything but an ImportError for seeded random answers", async () => {
    const random = seededRandom(3)
    const keys = [
      "name",
      "stream_id",
      "category_id",
      "category_ids",
      "user_info",
      "auth",
      "status",
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
    async function* outcomes() {
      for (let round = 0; round < 1500; round++) {
        const answer = random.below(20) === 0 ? "{[" : JSON.stringify(value(0))
        const call = async () => answer
        yield await readAccount({ call }, now).catch((error: unknown) => error)
        yield await readLiveEntries({ call }).catch((error: unknown) => error)
      }
    }
    const errors = (await collected(outcomes())).filter((outcome) => outcome instanceof Error)
    expect(errors.filter((error) => !(error instanceof ImportError))).toEqual([])
    expect(errors.length).toBeGreaterThan(500)
  })
})
