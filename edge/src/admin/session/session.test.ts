import { env } from "cloudflare:workers"
import type { Session } from "@tributary/shared/admin-api/session"
import { HonoRequest } from "hono/request"
import { beforeEach, describe, expect, it } from "vitest"
import { readBindings } from "../../bindings.ts"
import { ask, errorCode, startAfresh } from "../../test-support/edge-under-test.ts"
import { setStore } from "../../test-support/store.ts"
import { callerAddress } from "./caller-address.ts"

beforeEach(startAfresh)

const ownPage = { "sec-fetch-site": "same-origin" }
const from = (address: string) => ({ ...ownPage, "cf-connecting-ip": address })

function signIn(token: string, headers: Record<string, string> = ownPage): Promise<Response> {
  return ask("/api/session", { method: "POST", body: JSON.stringify({ token }), headers })
}
async function cookie(): Promise<string> {
  const set = (await signIn(env.ADMIN_TOKEN)).headers.get("set-cookie") ?? ""
  return set.slice(0, set.indexOf(";"))
}
const publishWith = async (headers: Record<string, string>) =>
  (await ask("/api/imports/publish", { method: "POST", headers })).status

describe("signing in", () => {
  it("exchanges the admin token for a cookie that scripts and other sites cannot use", async () => {
    const response = await signIn(env.ADMIN_TOKEN)
    expect(response.status).toBe(200)
    expect(await response.json<Session>()).toMatchObject({ signedIn: true })
    const set = response.headers.get("set-cookie") ?? ""
    expect(set).toMatch(/^__Host-tributary-session=[\w.-]+; /)
    for (const attribute of ["HttpOnly", "Secure", "SameSite=Strict", "Path=/", "Max-Age=1209600"])
      expect(set.split("; ")).toContain(attribute)
    expect(set).not.toContain(env.ADMIN_TOKEN)
  })

  it("is told by the cookie, until it is given back", async () => {
    const headers = { cookie: await cookie() }
    const session = await (await ask("/api/session", { headers })).json<Session>()
    expect(session.signedIn).toBe(true)
    expect(session.expiresAt).toBeGreaterThan(Date.now() + 13 * 86_400_000)
    expect((await ask("/api/imports", { headers })).status).toBe(200)
    const ended = await ask("/api/session", { method: "DELETE", headers: { ...headers, ...ownPage } })
    expect(ended.headers.get("set-cookie")).toMatch(/^__Host-tributary-session=; Max-Age=0; /)
  })

  it.each([
    [{ token: "wrong" }, 401, "unauthorized"],
    [{ token: "" }, 400, "bad_request"],
    [{}, 400, "bad_request"],
    [{ token: "x", more: 1 }, 400, "bad_request"],
  ])("refuses %j", async (body, status, code) => {
    const response = await ask("/api/session", {
      ...{ method: "POST", body: JSON.stringify(body), headers: ownPage },
    })
    expect([response.status, await errorCode(response)]).toEqual([status, code])
    expect(response.headers.get("set-cookie")).toBeNull()
  })

  it("is refused to a forged, a foreign and a missing session", async () => {
    const good = await cookie()
    for (const bad of ["__Host-tributary-session=x", `${good}x`, good.replace("__Host-", ""), ""])
      expect((await ask("/api/imports", { headers: { cookie: bad } })).status).toBe(401)
  })
})

describe("tries of the admin token", () => {
  it("are thirty a minute from one address, the right one among them", async () => {
    const tries = Array.from({ length: 34 }, () => signIn("wrong", from("203.0.113.7")))
    const statuses = (await Promise.all(tries)).map(({ status }) => status).sort()
    expect(statuses).toEqual([...Array(30).fill(401), ...Array(4).fill(429)])
    const refused = await signIn(env.ADMIN_TOKEN, from("203.0.113.7"))
    expect([refused.status, await errorCode(refused)]).toEqual([429, "too_many_tries"])
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0)
    expect((await signIn(env.ADMIN_TOKEN, from("203.0.113.8"))).status).toBe(200)
  })

  it("count in the header too, and then the right one is not told from the others", async () => {
    const call = async (token: string, address: string) => {
      const headers = { authorization: `Bearer ${token}`, "cf-connecting-ip": address }
      return (await ask("/api/imports", { headers })).status
    }
    for (let tries = 0; tries < 30; tries++) expect(await call(`wrong${tries}`, "203.0.113.9")).toBe(401)
    expect(await call("wrong", "203.0.113.9")).toBe(429)
    expect(await call(env.ADMIN_TOKEN, "203.0.113.9")).toBe(429)
    expect(await call(env.ADMIN_TOKEN, "203.0.113.10")).toBe(200)
    for (let calls = 0; calls < 35; calls++) expect(await call(env.ADMIN_TOKEN, "203.0.113.10")).toBe(200)
  })

  it("count at the metrics too, which the admin token opens", async () => {
    const look = async (token: string) => {
      const headers = { authorization: `Bearer ${token}`, "cf-connecting-ip": "203.0.113.12" }
      return (await ask("/metrics", { headers })).status
    }
    for (let tries = 0; tries < 30; tries++) expect(await look(`wrong${tries}`)).toBe(401)
    expect(await look(env.ADMIN_TOKEN)).toBe(429)
  })

  it("are all of one address where nobody says for certain which it is", () => {
    const request = new HonoRequest(
      new Request(env.BASE_URL, { headers: { "cf-connecting-ip": "203.0.113.7" } }),
    )
    const config = readBindings({ ...env, TRUST_CF_CONNECTING_IP: "false" })
    expect(callerAddress(request, config)).toBe("")
    expect(callerAddress(request, readBindings(env))).toBe("203.0.113.7")
  })

  it("are not looked at while the store cannot count them", async () => {
    await setStore("refuse")
    expect((await signIn(env.ADMIN_TOKEN)).status).toBe(503)
    expect((await signIn("wrong")).status).toBe(503)
  })

  it("leave those alone who are signed in", async () => {
    const headers = { ...from("203.0.113.11"), cookie: await cookie() }
    for (let tries = 0; tries < 31; tries++) await signIn("wrong", from("203.0.113.11"))
    expect((await ask("/api/imports", { headers })).status).toBe(200)
  })
})

describe("a change with a session (CSRF)", () => {
  const origins: [Record<string, string>, boolean][] = [
    [{ "sec-fetch-site": "same-origin" }, true],
    [{ "sec-fetch-site": "same-site", origin: env.BASE_URL }, false],
    [{ "sec-fetch-site": "cross-site" }, false],
    [{ "sec-fetch-site": "none" }, false],
    [{ origin: env.BASE_URL }, true],
    [{ origin: "https://evil.example" }, false],
    [{ origin: "null" }, false],
    [{}, false],
  ]
  it.each(origins)("from %j passes: %j", async (headers, passes) => {
    expect(await publishWith({ cookie: await cookie(), ...headers })).toBe(passes ? 202 : 403)
  })

  it("may only be read from elsewhere", async () => {
    const headers = { cookie: await cookie(), "sec-fetch-site": "cross-site" }
    expect((await ask("/api/imports", { headers })).status).toBe(200)
  })

  it("needs no page where the token itself is sent", async () => {
    expect(await publishWith({ authorization: `Bearer ${env.ADMIN_TOKEN}` })).toBe(202)
  })

  it("cannot sign a browser in or out", async () => {
    const elsewhere = { "sec-fetch-site": "cross-site" }
    expect((await signIn(env.ADMIN_TOKEN, elsewhere)).status).toBe(403)
    expect((await ask("/api/session", { method: "DELETE", headers: elsewhere })).status).toBe(403)
  })
})
