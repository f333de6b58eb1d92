import type { SourceRow } from "@tributary/shared/admin-api/sources"
import { keys } from "@tributary/shared/store/keys"
import { beforeEach, describe, expect, it } from "vitest"
import { startAfresh } from "../../test-support/edge-under-test.ts"
import {
  forgetCalls,
  redis,
  registerStreamer,
  setStore,
  storeContents,
  streamerCalls,
} from "../../test-support/store.ts"
import { addPanelAndList, askMasked, storedBesideAudit, storedSource } from "./profiles-fixture.ts"

const later = 9e12
const jobs = ["acme", "list", "open", "guide:acme", "*"]

// As it is some time after the start.
beforeEach(async () => {
  await startAfresh()
  await forgetCalls()
  await addPanelAndList()
  await registerStreamer("one")
  for (const member of jobs) await redis.zadd(keys.importsDue, { score: later, member })
})

const list = async () => (await askMasked<SourceRow[]>("/sources")).body
const post = (body: unknown) => askMasked<SourceRow>("/sources", "POST", body)
const patch = (body: unknown, id = "acme") => askMasked<SourceRow>(`/sources/${id}`, "PATCH", body)
const remove = (id: string) => askMasked(`/sources/${id}`, "DELETE")
const put = (ids: unknown) => askMasked<SourceRow[]>("/sources/order", "PUT", { ids })
const due = async () => new Set(await redis.zrange<string[]>(keys.importsDue, 0, 0, { byScore: true }))
/** How often a streamer was told to look for due imports. */
const wakeUps = async () =>
  (await streamerCalls()).filter(({ path }) => path === "/streamer/one/internal/imports").length

/** What is refused, with nothing changed and nobody told. */
async function refusal(path: string, method: string, body?: unknown) {
  const before = await storeContents()
  const answer = await askMasked<{ error: { code: string; message: string } }>(path, method, body)
  expect(await storeContents()).toEqual(before)
  expect(await wakeUps()).toBe(0)
  return [answer.status, answer.body.error.code, answer.body.error.message]
}

const shown = "is what is shown in its place; leave it out, or write it in full"
const added = { name: "New TV", type: "xtream", url: "http://new.example/panel-path" }
const login = { username: "panel-user-2", password: "s3cret-added" }

describe("POST /api/sources", () => {
  it("adds a source, which is last, and imported at once", async () => {
    const backup = { name: "Backup", username: "backup-user", password: "s3cret" }
    const { status, body } = await post({
      ...added,
      ...login,
      ...{ maxStreams: 2, epgUrl: "http://new.example/guide-path", headers: { Referer: "s3cret" } },
      profiles: [backup],
    })
    expect([status, body]).toEqual([
      201,
      {
        ...{ id: "new_tv", name: "New TV", type: "xtream", origin: "api", url: "http://new.example/…" },
        ...{ username: "p•••", password: "••••", maxStreams: 2, order: 4, enabled: true },
        ...{ live: true, vod: true, series: true, include: null, exclude: null },
        ...{ epgUrl: "http://new.example/…", userAgent: null, headers: { Referer: "••••" } },
        profiles: [
          expect.objectContaining({ id: "primary", priority: 0, madeByApi: true }),
          expect.objectContaining({ id: "profile-1", username: "b•••", madeByApi: true }),
        ],
      },
    ])
    expect(await askMasked("/sources/new_tv")).toEqual({ status: 200, body })
    expect((await list()).map(({ id }) => id)).toEqual(["list", "acme", "open", "new_tv"])
    expect((await storedSource("new_tv")).secret).toMatchObject({
      url: "http://new.example/panel-path",
      logins: { primary: { ...login }, "profile-1": { username: "backup-user" } },
    })
    expect([await due(), await wakeUps()]).toEqual([new Set(["new_tv"]), 1])
  })

  it("makes an id of its own for each of many that come at once", async () => {
    const answers = await Promise.all([1, 2, 3].map(() => post({ ...added, ...login })))
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(new Set(answers.map(({ body }) => body.id))).toEqual(new Set(["new_tv", "new_tv_2", "new_tv_3"]))
  })

  it("knows the login in a list's address, and wakes nobody for a source that is disabled", async () => {
    const url = "http://new.example/get.php?username=panel-user&password=s3cret"
    const { body } = await post({ type: "m3u", url, enabled: false })
    expect(body).toMatchObject({ id: "source_1", name: null, username: "p•••", password: "••••" })
    expect([await due(), await wakeUps()]).toEqual([new Set(), 0])
  })

  it.each([
    ["{", "The body is not JSON."],
    [{ ...added, username: "panel-user" }, "password: is missing: an xtream source needs it"],
    [{ ...added, ...login, id: "acme" }, 'id: "acme" is a duplicate'],
    [{ ...added, ...login, password: "••••" }, `password: ${shown}`],
    [{ ...added, ...login, maxStreams: -1 }, "maxStreams: must be at least 0"],
    [{ ...added, ...login, origin: "file" }, "origin: unknown key"],
  ])("says what is wrong with %j", async (body, message) => {
    expect(await refusal("/sources", "POST", body)).toEqual([400, "bad_request", message])
  })
})

describe("PATCH /api/sources/{id}", () => {
  it("changes what is given and nothing else", async () => {
    const before = (await askMasked<SourceRow>("/sources/acme")).body
    const { secret } = await storedSource()
    const { status, body } = await patch({ name: "New", vod: true, include: null, maxStreams: null })
    const [primary, backup] = before.profiles
    expect([status, body]).toEqual([
      200,
      {
        ...before,
        ...{ name: "New", vod: true, include: null, maxStreams: null },
        profiles: [{ ...primary, maxStreams: null }, backup],
      },
    ])
    expect((await storedSource()).secret).toEqual(secret)
    expect([await due(), await wakeUps()]).toEqual([new Set(["acme"]), 1])
  })

  it("changes the primary profile's login with the source's", async () => {
    await redis.hset(keys.reports("acme"), { primary: "{}", b: "{}" })
    await patch({ url: "http://new.example/panel-path", password: "s3cret-new" })
    const { secret } = await storedSource()
    expect(secret).toMatchObject({
      url: "http://new.example/panel-path",
      logins: { primary: { username: "panel-user", password: "s3cret-new" } },
    })
    expect(await redis.hkeys(keys.reports("acme"))).toEqual(["b"])
  })

  it("changes one header without knowing the others", async () => {
    const { body } = await patch({ headers: { Referer: "s3cret-referer" } })
    expect(body.headers).toEqual({ Cookie: "••••", Referer: "••••" })
    expect((await storedSource()).secret.headers).toEqual({ Cookie: "s3cret", Referer: "s3cret-referer" })
    expect((await patch({ headers: { cookie: null } })).body.headers).toEqual({ Referer: "••••" })
  })

  it.each([
    [{ enabled: false }, ["*"]],
    [{ order: 9 }, ["*"]],
    [{ epgUrl: null }, ["guide:acme"]],
    [{ exclude: null }, ["acme"]],
  ])("has done what follows of %j", async (body, expected) => {
    await patch(body)
    expect([await due(), await wakeUps()]).toEqual([new Set(expected), 1])
  })

  it("wakes nobody for what only admission and this page read", async () => {
    await patch({ name: "New", maxStreams: 9 })
    expect([await due(), await wakeUps()]).toEqual([new Set(), 0])
  })

  it("changes nothing when nothing is given, or it is so already", async () => {
    const before = await storedBesideAudit()
    const { body } = await askMasked<SourceRow>("/sources/acme")
    expect(await patch({})).toEqual({ status: 200, body })
    expect(await patch({ name: "Acme", password: "s3cret-panel", vod: false })).toEqual({ status: 200, body })
    expect(await storedBesideAudit()).toEqual(before)
  })

  it("loses none of the changes that come at once", async () => {
    const answers = await Promise.all([
      patch({ name: "New" }),
      patch({ password: "s3cret-new" }),
      put(["open", "acme", "list"]),
      askMasked("/sources/acme/profiles/b", "PATCH", { name: "B" }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    const { record, secret } = await storedSource()
    expect(record).toMatchObject({ name: "New", order: 2, profiles: [{}, { name: "B" }] })
    expect(secret.logins.primary?.password).toBe("s3cret-new")
  })

  it.each([
    ["acme", { type: "m3u" }, "type: cannot be changed"],
    ["acme", { url: "http://panel.example:8000/…" }, `url: ${shown}`],
    ["acme", { epgUrl: "https://guide.example/…" }, `epgUrl: ${shown}`],
    ["acme", { headers: { Cookie: "••••" } }, `headers.Cookie: ${shown}`],
    ["acme", { username: null, password: null }, "username: is missing: an xtream source needs it"],
    ["acme", { name: "New", include: "(" }, "include: is not a regular expression"],
    ["open", { username: "panel-user" }, "password: is missing: a login is a username and a password"],
  ])("says what is wrong with a change of %s: %j", async (id, body, message) => {
    expect(await refusal(`/sources/${id}`, "PATCH", body)).toEqual([400, "bad_request", message])
  })

  it("leaves the old one in force when the store fails", async () => {
    await setStore("refuse")
    for (const answer of [
      await patch({ name: "B" }),
      await remove("acme"),
      await post({ ...added, ...login }),
    ])
      expect(answer).toMatchObject({ status: 503, body: { error: { code: "store_unavailable" } } })
    await setStore("pass")
    expect((await storedSource()).record.name).toBe("Acme")
  })
})

describe("DELETE /api/sources/{id}", () => {
  it("removes the source with its profiles and jobs, and has a snapshot made without it", async () => {
    await redis.hset(keys.importsStatus, { acme: "{}", "guide:acme": "{}" })
    expect(await remove("acme")).toEqual({ status: 200, body: { deleted: true } })
    expect((await list()).map(({ id }) => id)).toEqual(["list", "open"])
    expect([await due(), await wakeUps()]).toEqual([new Set(["*"]), 1])
    expect(await redis.zscore(keys.importsDue, "acme")).toBeNull()
    expect(await redis.exists(keys.importsStatus)).toBe(0)
    expect(
      (await redis.zrange<string[]>(keys.profilesDue, 0, -1)).filter((one) => one.startsWith("acme")),
    ).toEqual([])
    expect((await remove("acme")).status).toBe(404)
  })
})

describe("PUT /api/sources/order", () => {
  it("puts the sources in order, and has a snapshot made of it", async () => {
    const { status, body } = await put(["open", "list", "acme"])
    expect([status, body.map(({ id, order }) => [id, order])]).toEqual([
      200,
      [
        ["open", 1],
        ["list", 2],
        ["acme", 3],
      ],
    ])
    expect([await due(), await wakeUps()]).toEqual([new Set(["*"]), 1])
  })

  it.each([
    [["open", "none"], 400, "bad_request", 'ids[1]: there is no source "none"'],
    [["open", "list", "open"], 400, "bad_request", 'ids[2]: "open" is a duplicate'],
    [["open", "list"], 409, "conflict", 'ids: "acme" is missing'],
    [null, 400, "bad_request", "ids: must be a list"],
  ])("says what is wrong with %j", async (ids, ...refused) => {
    expect(await refusal("/sources/order", "PUT", { ids })).toEqual(refused)
  })
})

describe("what is not there", () => {
  it.each([
    ["PATCH", {}],
    ["DELETE", undefined],
  ])("is no source: %s", async (method, body) => {
    for (const id of ["none", "constructor"])
      expect(await refusal(`/sources/${id}`, method, body)).toEqual([
        ...[404, "unknown_source", `There is no source "${id}".`],
      ])
  })
})
