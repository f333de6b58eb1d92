import { keys } from "@tributary/shared/store/keys"
import { beforeAll, describe, expect, it } from "vitest"
import { ask, publishChannels, startAfresh } from "../test-support/edge-under-test.ts"
import { addViewers, redis, setStore } from "../test-support/store.ts"

beforeAll(async () => {
  await startAfresh()
  await addViewers(
    { username: "ann", password: "secret", maxStreams: 3, expiresAt: "2100-01-01T00:00:00Z" },
    { username: "free", password: "f" },
    { username: "off", password: "o", enabled: false },
    { username: "late", password: "l", expiresAt: "2020-01-01T00:00:00Z" },
  )
  await publishChannels("1", [{ id: "100000101", name: "News", groups: ["World"] }])
})

type Answer = Record<string, Record<string, unknown>>
const login = async (query: string, init?: RequestInit) => {
  const response = await ask(`/player_api.php?${query}`, init as RequestInit<CfProperties>)
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/json"])
  return response.json<Answer>()
}
const ann = "username=ann&password=secret"

describe("a login", () => {
  it("tells the viewer's limit, expiry and sessions in panels' types", async () => {
    const soon = Date.now() + 60_000
    await redis.zadd(
      keys.sessions("ann"),
      { score: soon, member: "a/100000101/one/1" },
      { score: soon, member: "a/100000101/two/1" },
      { score: 1, member: "a/100000101/ended/1" },
    )
    expect((await login(ann)).user_info).toEqual({
      ...{ username: "ann", password: "secret", message: "", auth: 1, status: "Active" },
      ...{ exp_date: "4102444800", is_trial: "0", active_cons: 2, created_at: "0", max_connections: "3" },
      allowed_output_formats: ["ts", "m3u8"],
    })
    expect((await login("username=free&password=f")).user_info).toMatchObject({
      ...{ exp_date: null, active_cons: 0, max_connections: "0" },
    })
  })

  it("tells host and port apart, and times in UTC", async () => {
    const { server_info: server = {} } = await login(ann)
    expect(server).toMatchObject({
      ...{ url: "tv.example", port: "80", https_port: "443", server_protocol: "https", timezone: "UTC" },
    })
    expect(Math.abs(Number(server.timestamp_now) - Date.now() / 1000)).toBeLessThan(60)
    expect(Date.parse(`${server.time_now}Z`) / 1000).toBe(server.timestamp_now)
  })

  it.each(["get_profile", "get_server_info", "nothing", "constructor", "toString"])(
    "is the answer to an unknown action: %s",
    async (action) => {
      expect(await login(`${ann}&action=${action}`)).toMatchObject({
        user_info: { auth: 1 },
        server_info: {},
      })
    },
  )

  it("can be posted, as a form of either kind, beside the query", async () => {
    const form = { username: "ann", password: "secret", action: "get_live_streams" }
    const multipart = new FormData()
    for (const [name, value] of Object.entries(form)) multipart.set(name, value)
    for (const body of [new URLSearchParams(form), multipart])
      expect(await login("action=get_series", { method: "POST", body })).toMatchObject([{ name: "News" }])
    const { action: _, ...only } = form
    const split = await login("action=get_live_streams", {
      method: "POST",
      body: new URLSearchParams(only),
    })
    expect(split).toMatchObject([{ name: "News" }])
  })

  it("answers HEAD with what GET has in front of the body", async () => {
    for (const path of ["player_api.php", "panel_api.php"]) {
      const response = await ask(`/${path}?${ann}`, { method: "HEAD" })
      expect([response.status, response.headers.get("content-type"), await response.text()]).toEqual([
        ...[200, "application/json", ""],
      ])
    }
  })
})

describe("a login is refused with auth 0", () => {
  it.each(["", "username=ann", "username=ann&password=wrong", "username=eve&password=x", "password=secret"])(
    "for %j, and nothing more, whatever is asked for",
    async (query) => {
      for (const action of ["", "&action=get_live_streams", "&action=get_vod_info&vod_id=1"])
        expect(await login(query + action)).toEqual({ user_info: { auth: 0 } })
    },
  )

  it.each([
    ["off", "o", "Disabled", null],
    ["late", "l", "Expired", "1577836800"],
  ])("for %s, who is told why", async (username, password, status, exp_date) => {
    const answer = await login(`username=${username}&password=${password}&action=get_live_streams`)
    expect(answer).toEqual({
      user_info: { username, password, auth: 0, status, exp_date, message: expect.any(String) },
    })
    expect(await login(`username=${username}&password=wrong`)).toEqual({ user_info: { auth: 0 } })
  })

  it("says that the store is away, not that the password is wrong", async () => {
    await setStore("refuse")
    const response = await ask(`/player_api.php?${ann}`)
    await setStore("pass")
    expect(response.status).toBe(503)
  })
})
