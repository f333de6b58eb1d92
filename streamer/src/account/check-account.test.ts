import { gzipSync } from "node:zlib"
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import {
  eventually,
  json,
  login,
  loginAnswer,
  openSource,
  query,
  settings,
  startProvider,
  startServer,
  unusedAddress,
} from "./account-fixture.ts"
import { checkAccount } from "./check-account.ts"
import { refusedReport, untoldReport } from "./read-login.ts"

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })

const now = Date.UTC(2026, 0, 1)
const list = "#EXTM3U\n#EXTINF:-1,One\nhttp://feeds.test/1\n"
let provider: Awaited<ReturnType<typeof startProvider>>
let server: Awaited<ReturnType<typeof startServer>>

beforeAll(async () => {
  ;[provider, server] = await Promise.all([startProvider(), startServer(() => undefined)])
})
afterEach(() => {
  provider.clearFaults()
  provider.setAccount(login.username, { status: "Active" })
  server.asked = []
})
afterAll(() => Promise.all([provider?.close(), server?.close()]))

async function check(
  source: Parameters<typeof openSource>,
  profile = "primary",
  patienceMilliseconds = 10_000,
) {
  const { signal } = new AbortController()
  const asking = { patienceMilliseconds, now: () => now, signal }
  const checked = await checkAccount(openSource(...source), profile, settings, asking)
  expect(checked.check.message).not.toMatch(/127\.0\.0\.1|zoe|p4ss|bob|\d{5}/)
  expect(checked.check.message).toMatch(/^[A-Z].*\.$/)
  return checked
}
const status = async (...checked: Parameters<typeof check>) => {
  const { check: found } = await check(...checked)
  return [found.ok, found.status]
}

describe("the test of an Xtream account", () => {
  it("says what the panel says, and that is what is kept", async () => {
    const report = { maxConnections: 2, activeConnections: 0, status: "active", expiresAt: null }
    expect(await check(["xtream", provider.url])).toEqual({
      check: {
        ...{ ok: true, ...report },
        message: "The account is active: 0 of 2 connections in use; no expiry date is given.",
      },
      report: { ...report, clock: { timeZone: "Europe/Berlin", offsetMinutes: expect.any(Number) } },
    })
    provider.setAccount(login.username, { status: "Banned" })
    expect(await check(["xtream", provider.url])).toMatchObject({
      check: { ok: false, status: "banned" },
      report: { status: "banned" },
    })
  })

  it("tells a wrong password, and keeps that", async () => {
    const wrong = { primary: { url: null, ...login, password: "wrong" } }
    expect(await check(["xtream", provider.url, wrong])).toMatchObject({
      check: { ok: false, status: "wrong_password" },
      report: refusedReport,
    })
  })

  it("tells why there was no answer, and keeps nothing of it", async () => {
    provider.setFault("api", { kind: "html" })
    expect(await check(["xtream", provider.url])).toEqual({
      check: {
        ...{ ok: false, status: "wrong_server" },
        ...{ maxConnections: null, activeConnections: null, expiresAt: null },
        message: "This is not the right address of the provider: it sent a web page.",
      },
      report: null,
    })
    provider.setFault("api", { kind: "hang" })
    expect(await status(["xtream", provider.url], "primary", 100)).toEqual([false, "timeout"])
    const address = await unusedAddress()
    expect(await check(["xtream", address])).toMatchObject({ check: { status: "server_down" }, report: null })
  })

  it("is of the profile's own account, on its own server", async () => {
    server.answer = json(loginAnswer({ max_connections: "7" }))
    const own = { url: server.url, username: "bob", password: "b" }
    const checked = await check(["xtream", provider.url, { primary: { url: null, ...login }, own }], "own")
    expect(checked.report?.maxConnections).toBe(7)
    expect(server.asked).toEqual(["/player_api.php?username=bob&password=b"])
  })
})

describe("the test of a list with a login", () => {
  const url = () => `${server.url}/get.php?${query}`
  /** What the server answers to the question for the account, and to that for the list. */
  const answers = (account: (typeof server)["answer"], listed: (typeof server)["answer"]) => {
    server.answer = (request, response) =>
      (request.url?.startsWith("/player_api.php") ? account : listed)(request, response)
  }
  const refuses =
    (code: number): (typeof server)["answer"] =>
    (_, response) =>
      void response.writeHead(code).end()
  const sends =
    (body: string | Buffer): (typeof server)["answer"] =>
    (_, response) =>
      void response.end(body)

  it("is that of its panel's account", async () => {
    const { check: found } = await check(["m3u", `${provider.url}/get.php?${query}`])
    expect(found).toMatchObject({ ok: true, status: "active", maxConnections: 2 })
    answers(json(loginAnswer({ auth: 0 })), sends(list))
    expect(await status(["m3u", url()])).toEqual([false, "wrong_password"])
    expect(server.asked).toHaveLength(1)
  })

  it("says so when its server is no panel, and looks at the list", async () => {
    for (const account of [refuses(404), refuses(403), sends("<html>"), sends(list)]) {
      answers(account, sends(list))
      const { check: found, report } = await check(["m3u", url()])
      expect(found).toMatchObject({ ok: true, status: "unknown", maxConnections: null, expiresAt: null })
      expect(found.message).toMatch(/no Xtream panel/)
      expect(report).toEqual(untoldReport)
    }
    expect(server.asked.at(-1)).toBe(`/get.php?${query}`)
  })

  it("tells what is wrong with the list, but keeps nothing of it: nobody would ask again", async () => {
    const cases = [
      [refuses(403), "wrong_password"],
      [refuses(404), "wrong_server"],
      [refuses(500), "server_down"],
      [sends("<html>login</html>"), "wrong_server"],
      [sends(""), "wrong_server"],
    ] as const
    for (const [listed, expected] of cases) {
      answers(refuses(404), listed)
      const { check: found, report } = await check(["m3u", url()])
      expect([found.ok, found.status, report]).toEqual([false, expected, null])
    }
  })

  it("does not take the primary profile's list for that of another", async () => {
    answers(refuses(404), sends(list))
    const logins = { primary: { url: null, ...login }, bob: { url: null, username: "bob", password: "b" } }
    expect(await status(["m3u", url(), logins], "bob")).toEqual([true, "unknown"])
    expect(server.asked.at(-1)).toBe("/get.php?username=bob&password=b")
    server.asked = []
    expect(await status(["m3u", `${server.url}/tv.m3u`, logins], "bob")).toEqual([false, "unknown"])
    expect(server.asked).toHaveLength(1)
  })

  it("does not look at the list when the server does not answer", async () => {
    answers(refuses(502), sends(list))
    expect(await status(["m3u", url()])).toEqual([false, "server_down"])
    expect(server.asked).toHaveLength(1)
  })
})

describe("the test of an open list", () => {
  const test = (patience?: number) => check(["m3u", `${server.url}/tv.m3u`, {}], "primary", patience)
  const answer = async (body: string | Buffer) => {
    server.answer = (_, response) => void response.end(body)
    const { check: found, report } = await test()
    expect(report).toBeNull()
    return [found.ok, found.status]
  }

  it("is that a list comes, of whatever form", async () => {
    expect((await check(["m3u", `${provider.url}/playlist.m3u`, {}])).check).toMatchObject({
      ok: true,
      status: "active",
      message: "The list can be read; it needs no login.",
    })
    const forms = [
      list,
      `\u{FEFF}\r\n${list}`,
      gzipSync(list),
      Buffer.from(`\u{FEFF}${list}`, "utf16le"),
      "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n1.ts\n",
    ]
    for (const form of forms) expect(await answer(form)).toEqual([true, "active"])
  })

  it("takes no more than the beginning of a long one", async () => {
    const long = list + "#EXTINF:-1,More\nhttp://feeds.test/2\n".repeat(1_000_000)
    expect(await answer(long)).toEqual([true, "active"])
    expect(await answer(gzipSync(long))).toEqual([true, "active"])
    server.answer = (_, response) => void response.write(long.slice(0, 20_000))
    expect((await test()).check.status).toBe("active")
    await eventually(() => expect(server.openSockets()).toBe(0))
  })

  it("tells what came instead", async () => {
    for (const body of ["<html>", "", '{"user_info":{}}', "Not found", Buffer.from([0, 1, 2, 3])])
      expect(await answer(body)).toEqual([false, "wrong_server"])
    for (const [code, expected] of [
      [403, "wrong_server"],
      [404, "wrong_server"],
      [503, "server_down"],
    ] as const) {
      server.answer = (_, response) => void response.writeHead(code).end()
      expect((await test()).check.status).toBe(expected)
    }
    server.answer = () => undefined
    expect((await test(100)).check.status).toBe("timeout")
    expect(await status(["m3u", await unusedAddress(), {}])).toEqual([false, "server_down"])
    expect(await status(["m3u", "http://no-such-host.invalid/", {}])).toEqual([false, "wrong_server"])
  })
})
