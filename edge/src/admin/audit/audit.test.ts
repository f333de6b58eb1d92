import { env } from "cloudflare:workers"
import type { AuditEntry } from "@tributary/shared/admin-api/audit"
import { beforeEach, describe, expect, it } from "vitest"
import { ask, startAfresh } from "../../test-support/edge-under-test.ts"
import { askAsAdmin, putRows, row } from "../admin-fixture.ts"
import { shownChange } from "./shown-change.ts"

beforeEach(startAfresh)

const entries = async () => (await (await askAsAdmin("/audit")).json<{ entries: AuditEntry[] }>()).entries

describe("the audit list", () => {
  it("has every change that was made, the newest first", async () => {
    await putRows([row(1)])
    await askAsAdmin("/channels/1", "PATCH", { name: "News" })
    await askAsAdmin("/imports/publish", "POST")
    expect(await entries()).toEqual([
      {
        ...{ at: expect.any(Number), by: "token", address: "", status: 202 },
        ...{ method: "POST", path: "/imports/publish", change: null },
      },
      {
        ...{ at: expect.any(Number), by: "token", address: "", status: 200 },
        ...{ method: "PATCH", path: "/channels/1", change: { name: "News" } },
      },
    ])
  })

  it("tells a test from something that is named so", async () => {
    await askAsAdmin("/viewers", "POST", { username: "test", password: "a-secret" })
    await askAsAdmin("/viewers/test", "DELETE")
    expect((await entries()).map(({ method, path }) => `${method} ${path}`)).toEqual([
      "DELETE /viewers/test",
      "POST /viewers",
    ])
  })

  it("has nothing of what was refused or only read", async () => {
    await askAsAdmin("/channels/1", "PATCH", { name: "News" })
    await askAsAdmin("/channels", "PATCH", "{")
    await askAsAdmin("/imports")
    await ask("/api/imports/publish", { method: "POST", headers: { authorization: "Bearer wrong" } })
    expect(await entries()).toEqual([])
  })

  it("says who it was: the dashboard, and from where", async () => {
    const page = { "sec-fetch-site": "same-origin", "cf-connecting-ip": "203.0.113.7" }
    const body = JSON.stringify({ token: env.ADMIN_TOKEN })
    const signedIn = await ask("/api/session", { method: "POST", body, headers: page })
    const cookie = signedIn.headers.get("set-cookie")?.split(";")[0] ?? ""
    await ask("/api/imports/publish", { method: "POST", headers: { ...page, cookie } })
    expect(await entries()).toMatchObject([{ by: "session", address: "203.0.113.7" }])
  })

  it("keeps a thousand", async () => {
    await Promise.all(Array.from({ length: 1_010 }, () => askAsAdmin("/imports/publish", "POST")))
    expect(await entries()).toHaveLength(1_000)
  }, 30_000)
})

describe("what is shown of a change", () => {
  it.each([
    ["", null],
    ["no json", null],
    ['{"password":"p","url":"http://p/?u=1","maxStreams":1}', { password: "•••", url: "•••", maxStreams: 1 }],
    ['{"url":null}', { url: null }],
    ['{"profiles":[{"username":"u"}]}', { profiles: [{ username: "•••" }] }],
    ['{"headers":{"Cookie":"c"}}', { headers: "•••" }],
  ])("%s is %j", (body, shown) => {
    expect(shownChange(body)).toEqual(shown)
  })

  it("is shortened, and says so", () => {
    const ids = Array.from({ length: 30 }, (_, id) => id)
    expect(shownChange(JSON.stringify({ ids }))).toEqual({ ids: [...ids.slice(0, 20), "… 30 in all"] })
    const deep = `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`
    expect(JSON.stringify(shownChange(deep))).toContain("…")
    const long = shownChange(JSON.stringify({ name: "x".repeat(5_000) }))
    expect(String(long)).toMatch(/^\{"name":"x+…$/)
    expect(String(long)).toHaveLength(2_001)
  })
})
