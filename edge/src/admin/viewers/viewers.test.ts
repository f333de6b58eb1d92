import { viewerRowSchema, viewerRowsSchema } from "@tributary/shared/admin-api/viewers"
import { keys } from "@tributary/shared/store/keys"
import { readViewer } from "@tributary/shared/store/save-viewer"
import { storedPassword } from "@tributary/shared/store/viewer-record"
import { beforeEach, describe, expect, it } from "vitest"
import { ask as askEdge, publishChannels, startAfresh } from "../../test-support/edge-under-test.ts"
import {
  addSources,
  addViewers,
  redis,
  registerStreamer,
  secretKeys,
  setStore,
  storeContents,
} from "../../test-support/store.ts"
import { askAsAdmin } from "../admin-fixture.ts"

beforeEach(async () => {
  await startAfresh()
  await addViewers(
    { username: "bob", password: "s3cret-bob" },
    {
      username: "ann",
      password: "s3cret-ann",
      maxStreams: 2,
      groups: ["Sport"],
      expiresAt: "2090-01-01T00:00:00Z",
    },
  )
})

const bob = {
  ...{ username: "bob", maxStreams: null, groups: null, expiresAt: null, enabled: true, whenFull: "refuse" },
  ...{ origin: "file", sessions: 0 },
}
const version = async () => Number(await redis.get(keys.configVersion))

async function ask<Body = Record<string, unknown>>(where: string, method = "GET", body?: unknown) {
  const response = await askAsAdmin(`/viewers${where}`, method, body)
  return { status: response.status, body: await response.json<Body>() }
}

/** What is refused, with nothing changed. */
async function refusal(where: string, method: string, body?: unknown) {
  const before = await storeContents()
  const answer = await ask<{ error: { code: string; message: string } }>(where, method, body)
  expect(await storeContents()).toEqual(before)
  return [answer.status, answer.body.error.code, answer.body.error.message]
}

/** The status of a playlist for this login. */
async function playlist(username: string, password: string): Promise<number> {
  const response = await askEdge(`/playlist.m3u8?${new URLSearchParams({ username, password })}`)
  await response.body?.cancel()
  return response.status
}

describe("GET /api/viewers", () => {
  it("lists all by their names, and gives one, without a password", async () => {
    const ann = {
      ...{ ...bob, username: "ann", maxStreams: 2, groups: ["Sport"] },
      expiresAt: Date.UTC(2090, 0, 1),
    }
    const response = await askAsAdmin("/viewers")
    const text = await response.text()
    expect(viewerRowsSchema.parse(JSON.parse(text))).toEqual([ann, bob])
    expect(text).not.toMatch(/s3cret|check|eyJ/)
    expect(await ask("/ann")).toEqual({ status: 200, body: ann })
    expect(await refusal("/eve", "GET")).toEqual([404, "not_found", 'There is no viewer "eve".'])
  })

  it("counts what each plays now", async () => {
    await addSources({ id: "acme", type: "xtream", url: "http://acme.example", username: "u", password: "p" })
    await registerStreamer("one")
    await publishChannels("counted", [{ id: "101", name: "News" }])
    await askEdge("/stream/101?username=bob&password=s3cret-bob", { redirect: "manual" })
    const { body } = await ask<{ username: string; sessions: number }[]>("")
    expect(body.map(({ username, sessions }) => [username, sessions])).toEqual([
      ["ann", 0],
      ["bob", 1],
    ])
  })

  it("says that the store is away", async () => {
    await setStore("refuse")
    expect(await ask("")).toMatchObject({ status: 503, body: { error: { code: "store_unavailable" } } })
  })
})

describe("POST /api/viewers", () => {
  beforeEach(() => publishChannels("any", [{ id: "101", name: "News" }]))

  it("adds one, who is let in at once", async () => {
    const before = await version()
    const eve = {
      username: "eve",
      password: "s3cret-eve",
      maxStreams: 1,
      groups: ["Later"],
      whenFull: "replace",
    }
    expect(await ask("", "POST", eve)).toEqual({
      status: 201,
      body: { ...bob, username: "eve", maxStreams: 1, groups: ["Later"], whenFull: "replace", origin: "api" },
    })
    expect(await version()).toBe(before + 1)
    expect([await playlist("eve", "s3cret-eve"), await playlist("eve", "x")]).toEqual([200, 401])
  })

  it("makes a password where none is given, and says it this once", async () => {
    const first = await ask<{ password: string }>("", "POST", { username: "eve" })
    const second = await ask<{ password: string }>("", "POST", { username: "joe" })
    for (const { body } of [first, second]) expect(body.password).toMatch(/^[a-km-np-z2-9]{12}$/)
    expect(first.body.password).not.toBe(second.body.password)
    expect(await playlist("eve", first.body.password)).toBe(200)
    expect((await ask("/eve")).body).toEqual({ ...bob, username: "eve", origin: "api" })
  })

  it.each(["a/b", "a b", "ä%2F", "?#", "..x", "x".repeat(128), "constructor"])(
    "takes any name: %s",
    async (username) => {
      const path = `/${encodeURIComponent(username)}`
      expect((await ask("", "POST", { username, password: "p" })).status).toBe(201)
      expect(await ask(path)).toEqual({ status: 200, body: { ...bob, username, origin: "api" } })
      expect((await ask(path, "PATCH", { maxStreams: 3 })).body).toMatchObject({ username, maxStreams: 3 })
      expect((await ask(`${path}/sessions`)).body).toEqual([])
      expect((await ask(path, "DELETE")).status).toBe(200)
      expect((await ask(path)).status).toBe(404)
    },
  )

  it.each([
    ["one who is there", { username: "bob" }, [409, "conflict", 'username: there is a viewer "bob" already']],
    [
      "a name that no path can have",
      { username: ".." },
      [400, "bad_request", 'username: must not be "." or ".."'],
    ],
    ["no name", { password: "x" }, [400, "bad_request", "username: is missing"]],
    [
      "an empty password",
      { username: "x", password: "" },
      [400, "bad_request", "password: must not be empty"],
    ],
    [
      "a mask",
      { username: "x", password: "••••" },
      [400, "bad_request", expect.stringContaining("password: is what is shown in its place")],
    ],
    [
      "a negative limit",
      { username: "x", maxStreams: -1 },
      [400, "bad_request", "maxStreams: must be at least 0"],
    ],
    [
      "a date in words",
      { username: "x", expiresAt: "tomorrow" },
      [400, "bad_request", "expiresAt: must be a date and time, like 2027-01-31T12:00:00Z"],
    ],
    ["one group", { username: "x", groups: "Sport" }, [400, "bad_request", "groups: must be a list"]],
    ["what it does not know", { username: "x", admin: true }, [400, "bad_request", "admin: unknown key"]],
    ["no JSON", "{", [400, "bad_request", "The body is not JSON."]],
  ])("refuses %s, naming it", async (_, body, answer) => {
    expect(await refusal("", "POST", body)).toEqual(answer)
  })
})

describe("PATCH /api/viewers/{username}", () => {
  beforeEach(() => publishChannels("any", [{ id: "101", name: "News" }]))

  it("changes what is given and keeps the rest, the password too", async () => {
    const changed = {
      maxStreams: 5,
      groups: ["News"],
      expiresAt: "2050-01-01T00:00:00Z",
      whenFull: "replace",
    }
    const answer = await ask("/bob", "PATCH", changed)
    expect(answer).toEqual({ status: 200, body: { ...bob, ...changed, expiresAt: Date.UTC(2050, 0, 1) } })
    expect(viewerRowSchema.parse(answer.body)).toEqual(answer.body)
    expect(await playlist("bob", "s3cret-bob")).toBe(200)
    expect(await ask("/bob", "PATCH", { maxStreams: null, groups: null, expiresAt: null })).toEqual({
      ...{ status: 200, body: { ...bob, whenFull: "replace" } },
    })
  })

  it("gives another password, which is the one to be compared and to be shown", async () => {
    expect((await ask("/bob", "PATCH", { password: "next" })).body).toEqual(bob)
    expect([await playlist("bob", "next"), await playlist("bob", "s3cret-bob")]).toEqual([200, 401])
    expect((await ask("/bob/address", "POST")).body).toMatchObject({ password: "next" })
  })

  it("locks a viewer out", async () => {
    await ask("/bob", "PATCH", { enabled: false })
    expect(await playlist("bob", "s3cret-bob")).toBe(403)
  })

  it.each([
    ["/eve", {}, [404, "not_found", 'There is no viewer "eve".']],
    ["/bob", { username: "joe" }, [400, "bad_request", "username: cannot be changed"]],
    ["/bob", { maxStreams: "2" }, [400, "bad_request", "maxStreams: must be a whole number"]],
    ["/bob", { maxStreams: 3, sessions: 0 }, [400, "bad_request", "sessions: unknown key"]],
    ["/bob", { enabled: null }, [400, "bad_request", "enabled: must be true or false"]],
  ])("refuses what it cannot do: %s %j", async (where, body, answer) => {
    expect(await refusal(where, "PATCH", body)).toEqual(answer)
  })
})

describe("DELETE /api/viewers/{username}", () => {
  it("deletes one, who is let in no more", async () => {
    await publishChannels("any", [{ id: "101", name: "News" }])
    expect(await ask("/bob", "DELETE")).toEqual({ status: 200, body: { deleted: true } })
    expect(await playlist("bob", "s3cret-bob")).toBe(401)
    expect(await refusal("/bob", "DELETE")).toEqual([404, "not_found", 'There is no viewer "bob".'])
  })
})

describe("POST /api/viewers/{username}/address", () => {
  it("gives what is to be entered in players, and it works", async () => {
    await addSources({ id: "acme", type: "xtream", url: "http://acme.example", username: "u", password: "p" })
    await publishChannels("ready", [{ id: "101", name: "News" }])
    const login = { username: "a&b/c", password: "p w/ä" }
    await addViewers(login)
    const { status, body } = await ask<
      Record<"baseUrl" | "playlist" | "guide" | "hdhr", string> & { xtream: object }
    >(`/${encodeURIComponent(login.username)}/address`, "POST")
    expect(status).toBe(200)
    const { baseUrl } = body
    expect(body).toEqual({
      ...{ baseUrl, ...login, xtream: { server: baseUrl, ...login } },
      playlist: `${baseUrl}/playlist.m3u8?username=a%26b%2Fc&password=p+w%2F%C3%A4`,
      guide: `${baseUrl}/xmltv.php?username=a%26b%2Fc&password=p+w%2F%C3%A4`,
      hdhr: `${baseUrl}/hdhr/a%26b%2Fc/p%20w%2F%C3%A4`,
    })
    for (const address of [body.playlist, body.guide, `${body.hdhr}/discover.json`]) {
      const response = await askEdge(address.slice(baseUrl.length))
      expect([address, response.status]).toEqual([address, 200])
      await response.body?.cancel()
    }
  })

  it("is of nobody who is not there, and says when a password cannot be read", async () => {
    expect(await refusal("/eve/address", "POST")).toEqual([404, "not_found", 'There is no viewer "eve".'])
    const stored = await readViewer(redis, "bob")
    const other = { ...(await storedPassword(secretKeys, "bob", "x")), sealedPassword: "a.b.c.d.e" }
    await redis.hset(keys.viewers, { bob: JSON.stringify({ ...stored, ...other }) })
    expect(await refusal("/bob/address", "POST")).toEqual([
      ...[409, "conflict", "The password was stored with another secret of this installation; set it anew."],
    ])
  })

  it("is not to be had by GET", async () => {
    expect((await ask("/bob/address")).status).toBe(404)
  })
})
