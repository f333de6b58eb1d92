import type { ProfileRow } from "@tributary/shared/admin-api/sources"
import { keys } from "@tributary/shared/store/keys"
import { saveSources } from "@tributary/shared/store/save-config"
import { beforeEach, describe, expect, it } from "vitest"
import { startAfresh } from "../../test-support/edge-under-test.ts"
import {
  forgetCalls,
  redis,
  registerStreamer,
  secretKeys,
  setStore,
  storeContents,
  streamerCalls,
} from "../../test-support/store.ts"
import {
  addPanelAndList,
  askMasked,
  storedBesideAudit,
  storedProfile,
  storedSource,
} from "./profiles-fixture.ts"

const later = 9e12
const added = { name: "Süd 2", username: "panel-user-2", password: "s3cret-added" }

beforeEach(async () => {
  await startAfresh()
  await forgetCalls()
  await addPanelAndList()
  for (const profile of ["primary", "b"]) {
    await redis.hset(keys.reports("acme"), { [profile]: "{}" })
    await redis.zadd(keys.profilesDue, { score: later, member: `acme/${profile}` })
  }
  await redis.zadd(keys.importsDue, { score: later, member: "acme" })
})

const list = async (source = "acme") => (await askMasked<ProfileRow[]>(`/sources/${source}/profiles`)).body
const get = (id: string) => askMasked<ProfileRow>(`/sources/acme/profiles/${id}`)
const post = (body: unknown, source = "acme") =>
  askMasked<ProfileRow>(`/sources/${source}/profiles`, "POST", body)
const patch = (id: string, body: unknown, source = "acme") =>
  askMasked<ProfileRow>(`/sources/${source}/profiles/${id}`, "PATCH", body)
const remove = (id: string) => askMasked(`/sources/acme/profiles/${id}`, "DELETE")
const reported = async () => new Set(await redis.hkeys(keys.reports("acme")))
const dueOf = async (id: string) => {
  const score = await redis.zscore(keys.profilesDue, `acme/${id}`)
  return score === null ? null : Number(score)
}
const version = async () => Number(await redis.get(keys.configVersion))

/** What is refused, with nothing changed. */
async function refusal(path: string, method: string, body?: unknown) {
  const before = await storeContents()
  const answer = await askMasked<{ error: { code: string; message: string } }>(path, method, body)
  expect(await storeContents()).toEqual(before)
  return [answer.status, answer.body.error.code, answer.body.error.message]
}

describe("GET …/profiles", () => {
  it("lists the profiles of a source, and gives one", async () => {
    const rows = await list()
    expect(rows.map(({ id, username }) => [id, username])).toEqual([
      ["primary", "p•••"],
      ["b", "b•••"],
    ])
    expect(await get("b")).toEqual({ status: 200, body: rows[1] })
  })
})

describe("POST …/profiles", () => {
  it("adds a profile, which is in force and asked about at once", async () => {
    const before = await version()
    const row = {
      ...{ id: "sud_2", name: "Süd 2", primary: false, enabled: true, priority: 1, maxStreams: null },
      ...{ username: "p•••", password: "••••", url: null },
      ...{ hasLogin: true, ownServer: false, madeByApi: true },
    }
    expect(await post(added)).toEqual({ status: 201, body: row })
    expect(await get("sud_2")).toEqual({ status: 200, body: row })
    expect(await storedProfile("sud_2")).toMatchObject({
      login: { url: null, username: "panel-user-2", password: "s3cret-added" },
    })
    expect([await dueOf("sud_2"), await dueOf("b"), await version()]).toEqual([0, later, before + 1])
    expect(await reported()).toEqual(new Set(["primary", "b"]))
  })

  it("takes all that a profile of the configuration file may have", async () => {
    const all = { url: "http://s.example/x", maxStreams: 3, priority: 0, enabled: false }
    const { status, body } = await post({ ...added, id: "Own-Id", ...all })
    expect([status, body.id]).toEqual([201, "Own-Id"])
    expect(await storedProfile("Own-Id")).toMatchObject({
      ...{ maxStreams: 3, priority: 0, enabled: false, ownServer: true },
      login: { url: "http://s.example/x", username: "panel-user-2", password: "s3cret-added" },
    })
  })

  it("makes ids of its own, also for two that come at once", async () => {
    const answers = await Promise.all([post(added), post(added), post(added)])
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(new Set(answers.map(({ body }) => body.id))).toEqual(new Set(["sud_2", "sud_2_2", "sud_2_3"]))
    expect(await list()).toHaveLength(5)
  })

  it.each([
    ["{", "The body is not JSON."],
    [[], 'must be an object, like {"key": …}'],
    [{ ...added, password: undefined }, "password: is missing"],
    [{ ...added, name: "" }, "name: must not be empty"],
    [{ ...added, url: "panel.example" }, "url: must be an http:// or https:// URL"],
    [{ ...added, maxStreams: "2" }, "maxStreams: must be a whole number"],
    [{ ...added, priority: -1 }, "priority: must be at least 0"],
    [{ ...added, madeByApi: true }, "madeByApi: unknown key"],
    [{ ...added, id: "a/b" }, "id: must be letters, digits, - and _ (at most 64)"],
    [{ ...added, id: "b" }, 'id: "b" is a duplicate'],
    [{ ...added, id: "primary" }, 'id: "primary" is a duplicate'],
    [
      { ...added, password: "••••" },
      "password: is what is shown in its place; leave it out, or write it in full",
    ],
  ])("says what is wrong with %j", async (body, message) => {
    expect(await refusal("/sources/acme/profiles", "POST", body)).toEqual([400, "bad_request", message])
  })
})

describe("PATCH …/profiles/{profileId}", () => {
  it("keeps the password that is not given, and all else", async () => {
    const before = await storedProfile("b")
    const { status, body } = await patch("b", { username: "backup-user-2", maxStreams: null, enabled: true })
    expect([status, body.username, body.maxStreams, body.enabled]).toEqual([200, "b•••", null, true])
    expect(await storedProfile("b")).toEqual({
      ...before,
      ...{ maxStreams: null, enabled: true },
      login: { ...before?.login, username: "backup-user-2" },
    })
  })

  it("keeps what the provider said unless the login is another one", async () => {
    await patch("b", { name: "B", maxStreams: 9, priority: 9, enabled: true })
    expect(await reported()).toEqual(new Set(["primary", "b"]))
    expect(await dueOf("b")).toBe(later)
    await patch("b", { password: "s3cret-new" })
    expect(await reported()).toEqual(new Set(["primary"]))
    expect([await dueOf("b"), await dueOf("primary")]).toEqual([0, later])
  })

  it("changes a profile to be on the source's server, which null says", async () => {
    const { body } = await patch("b", { url: null })
    expect(body).toMatchObject({ url: null, ownServer: false })
  })

  it("changes the source's own address and login with the primary's, and has its list read anew", async () => {
    await registerStreamer("one")
    const { status, body } = await patch("primary", { url: "http://new.example", password: "s3cret-new" })
    expect([status, body.url, body.username]).toEqual([200, "http://new.example/…", "p•••"])
    const { secret } = await storedSource()
    expect(secret.url).toBe("http://new.example")
    expect(secret.logins.primary).toEqual({ url: null, username: "panel-user", password: "s3cret-new" })
    expect(secret.headers).toEqual({ Cookie: "s3cret" })
    expect(Number(await redis.zscore(keys.importsDue, "acme"))).toBe(0)
    expect(await reported()).toEqual(new Set(["b"]))
    expect(await streamerCalls()).toMatchObject([{ path: "/streamer/one/internal/imports" }])
    await patch("primary", { maxStreams: 4 })
    expect(await streamerCalls()).toHaveLength(1)
  })

  it("changes the login in a list's address too", async () => {
    await patch("primary", { password: "s3cret-new" }, "list")
    expect((await storedSource("list")).secret.url).toBe(
      "https://list.example/get.php?username=ann&password=s3cret-new",
    )
  })

  it("changes nothing when nothing is given, or it is so already", async () => {
    const before = await storedBesideAudit()
    const { body } = await get("b")
    expect(await patch("b", {})).toEqual({ status: 200, body })
    expect(await patch("b", { name: "Backup", password: "s3cret-backup" })).toEqual({ status: 200, body })
    expect(await storedBesideAudit()).toEqual(before)
  })

  it("loses none of the changes that come at once", async () => {
    const answers = await Promise.all([
      patch("b", { maxStreams: 7 }),
      patch("b", { password: "s3cret-new" }),
      patch("primary", { name: "Main" }),
      post(added),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 201])
    expect(await storedProfile("b")).toMatchObject({ maxStreams: 7, login: { password: "s3cret-new" } })
    expect(await storedProfile("primary")).toMatchObject({ name: "Main" })
    expect(await storedProfile("sud_2")).toBeDefined()
  })

  it.each([
    ["b", "", "The body is not JSON."],
    ["b", { id: "c" }, "id: unknown key"],
    ["b", { primary: true }, "primary: unknown key"],
    ["b", { password: null }, "password: must be a text"],
    ["b", { enabled: "yes" }, "enabled: must be true or false"],
    ["b", { maxStreams: 1.5 }, "maxStreams: must be a whole number"],
    ["b", { username: "b•••" }, "username: is what is shown in its place; leave it out, or write it in full"],
    [
      "b",
      { url: "http://backup.example/…" },
      "url: is what is shown in its place; leave it out, or write it in full",
    ],
    ["primary", { url: null }, "url: must be an http:// or https:// URL, being the source's own"],
  ])("says what is wrong with a change of %s: %j", async (id, body, message) => {
    expect(await refusal(`/sources/acme/profiles/${id}`, "PATCH", body)).toEqual([
      400,
      "bad_request",
      message,
    ])
  })

  it("leaves the old one in force when the store fails", async () => {
    await setStore("refuse")
    expect(await patch("b", { name: "B" })).toMatchObject({
      status: 503,
      body: { error: { code: "store_unavailable" } },
    })
    await setStore("pass")
    expect(await storedProfile("b")).toMatchObject({ name: "Backup" })
  })
})

describe("DELETE …/profiles/{profileId}", () => {
  it("removes a profile with its login and what was said of it", async () => {
    expect(await remove("b")).toEqual({ status: 200, body: { deleted: true } })
    expect((await list()).map(({ id }) => id)).toEqual(["primary"])
    expect(Object.keys((await storedSource()).secret.logins)).toEqual(["primary"])
    expect([await dueOf("b"), await dueOf("primary")]).toEqual([null, later])
    expect(await reported()).toEqual(new Set(["primary"]))
    expect((await remove("b")).status).toBe(404)
  })

  it("does not remove the primary, which is the source's own", async () => {
    expect(await refusal("/sources/acme/profiles/primary", "DELETE")).toEqual([
      400,
      "bad_request",
      "The primary profile is the source's own login and cannot be deleted.",
    ])
  })
})

describe("what is not there", () => {
  it.each([
    ["GET", "/profiles", undefined],
    ["POST", "/profiles", added],
    ["GET", "/profiles/b", undefined],
    ["PATCH", "/profiles/b", {}],
    ["DELETE", "/profiles/b", undefined],
    ["POST", "/profiles/b/test", undefined],
    ["PUT", "/profiles/order", { ids: [] }],
  ])("is no source: %s %s", async (method, path, body) => {
    for (const id of ["none", "constructor"])
      expect(await refusal(`/sources/${id}${path}`, method, body)).toEqual([
        404,
        "unknown_source",
        `There is no source "${id}".`,
      ])
  })

  it.each([
    ["GET", "", undefined],
    ["PATCH", "", {}],
    ["DELETE", "", undefined],
    ["POST", "/test", undefined],
  ])("is no profile: %s %s", async (method, rest, body) => {
    for (const id of ["none", "constructor"])
      expect(await refusal(`/sources/acme/profiles/${id}${rest}`, method, body)).toEqual([
        404,
        "unknown_profile",
        `There is no profile "${id}" of source "acme".`,
      ])
  })
})

describe("profiles that were added", () => {
  it("stay when the configuration is put in force again", async () => {
    await post(added)
    await addPanelAndList()
    expect(await storedProfile("sud_2")).toMatchObject({ login: { password: "s3cret-added" } })
    expect((await list()).map(({ id }) => id)).toEqual(["primary", "b", "sud_2"])
    await saveSources(redis, secretKeys, [], "file", { replace: true })
    expect((await get("sud_2")).status).toBe(404)
  })
})
