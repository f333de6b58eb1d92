import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import {
  json,
  login,
  loginAnswer,
  openSource,
  query,
  settings,
  startProvider,
  startServer,
} from "./account-fixture.ts"
import { checkDraft } from "./check-draft.ts"

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })

const now = Date.UTC(2026, 0, 1)
const list = "#EXTM3U\n#EXTINF:-1,One\nhttp://feeds.test/1\n#EXTINF:-1,Two\nhttp://feeds.test/2\n"
const twoEntries = 'The list can be read. It has 2 entries, the first of them "One", "Two".'
const untold = "Its server does not tell how many connections are allowed or when the account expires."
const active = "The account is active: 0 of 1 connection in use; no expiry date is given."
let provider: Awaited<ReturnType<typeof startProvider>>
let server: Awaited<ReturnType<typeof startServer>>

beforeAll(async () => {
  ;[provider, server] = await Promise.all([startProvider(), startServer(() => undefined)])
})
afterEach(() => {
  provider.clearFaults()
  server.asked = []
})
afterAll(() => Promise.all([provider?.close(), server?.close()]))

async function check(source: Parameters<typeof openSource>, patienceMilliseconds = 10_000) {
  const { signal } = new AbortController()
  const asking = { patienceMilliseconds, now: () => now, signal }
  const found = await checkDraft(openSource(...source), settings, asking)
  expect(found.message).not.toMatch(/127\.0\.0\.1|zoe|p4ss|\d{5}/)
  return found
}

type Answer = (typeof server)["answer"]
const refuses =
  (code: number): Answer =>
  (_, response) =>
    void response.writeHead(code).end()
const sends =
  (body: string): Answer =>
  (_, response) =>
    void response.end(body)
/** What the server answers to the question for the account, and to that for the list. */
const answers = (account: Answer, listed: Answer) => {
  server.answer = (request, response) =>
    (request.url?.startsWith("/player_api.php") ? account : listed)(request, response)
}
const withLogin = () => `${server.url}/get.php?${query}`

describe("the test of a list that is being typed", () => {
  it("says how it begins, and that it needs no login", async () => {
    server.answer = sends(list)
    expect(await check(["m3u", `${server.url}/tv.m3u`, {}])).toEqual({
      ...{ ok: true, status: "active", suggestedType: null },
      ...{ maxConnections: null, activeConnections: null, expiresAt: null },
      message: `${twoEntries} It needs no login.`,
    })
    expect(server.asked).toEqual(["/tv.m3u"])
  })

  it("reads only the beginning of a long one", async () => {
    const entry = (at: number) => `#EXTINF:-1,${"Channel".repeat(8)} ${at}\nhttp://feeds.test/${at}\n`
    server.answer = sends(`#EXTM3U\n${Array.from({ length: 100_000 }, (_, at) => entry(at)).join("")}`)
    const { ok, message } = await check(["m3u", `${server.url}/tv.m3u`, {}])
    expect(ok).toBe(true)
    expect(message).toMatch(/^The list can be read\. Its first 8 KB have 8\d entries, the first of them "/)
    expect(message).toContain(`"${"Channel".repeat(5)}Chan…"`)
  })

  it("knows one that is a channel's stream, and one that is empty", async () => {
    server.answer = sends("#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n1.ts\n")
    expect(await check(["m3u", `${server.url}/one.m3u8`, {}])).toMatchObject({
      ...{ ok: true, message: "The list can be read: it is the stream of one channel. It needs no login." },
    })
    server.answer = sends("#EXTM3U\n")
    expect(await check(["m3u", `${server.url}/none.m3u`, {}])).toMatchObject({
      ...{ ok: false, message: "The list can be read, but it holds no channel." },
    })
  })

  it.each([
    [refuses(404), "wrong_server"],
    [refuses(403), "wrong_server"],
    [refuses(500), "server_down"],
    [sends("<html>login</html>"), "wrong_server"],
    [sends("plain text"), "wrong_server"],
  ] as const)("says what is wrong with what came (%#)", async (answer, status) => {
    server.answer = answer
    expect(await check(["m3u", `${server.url}/tv.m3u`, {}])).toMatchObject({ ok: false, status })
  })

  it("gives the account's limit and proposes Xtream when a panel made it", async () => {
    answers(json(loginAnswer()), sends(list))
    expect(await check(["m3u", withLogin()])).toMatchObject({
      ...{ ok: true, status: "active", maxConnections: 1, activeConnections: 0, suggestedType: "xtream" },
      message: `${twoEntries} ${active}`,
    })
    const real = await check(["m3u", `${provider.url}/get.php?${query}&type=m3u_plus`])
    expect(real).toMatchObject({ ok: true, maxConnections: 2, suggestedType: "xtream" })
    expect(real.message).toMatch(/^The list can be read\. .*The account is active: 0 of 2 connections/)
  })

  it("fails with what the panel says of the account, though the list can be read", async () => {
    answers(json(loginAnswer({ status: "Banned" })), sends(list))
    expect(await check(["m3u", withLogin()])).toMatchObject({
      ...{ ok: false, status: "banned", suggestedType: "xtream" },
      message: "The provider has banned this account.",
    })
    answers(json(loginAnswer({ auth: 0 })), sends(list))
    expect(await check(["m3u", withLogin()])).toMatchObject({
      ...{ ok: false, status: "wrong_password", suggestedType: null },
    })
  })

  it("says that Xtream works when the panel makes no list", async () => {
    answers(json(loginAnswer()), refuses(500))
    expect(await check(["m3u", withLogin()])).toMatchObject({
      ...{ ok: false, status: "server_down", maxConnections: 1, suggestedType: "xtream" },
      message: expect.stringMatching(
        /^The server cannot be used at the moment: .*\. Its Xtream panel takes the login, though: /,
      ),
    })
  })

  it("is content with the list when its server is no panel, or a silent one", async () => {
    const silent: Answer = () => undefined
    for (const account of [refuses(404), refuses(500), sends("<html>"), silent]) {
      answers(account, sends(list))
      expect(await check(["m3u", withLogin()], account === silent ? 400 : undefined)).toMatchObject({
        ...{ ok: true, status: "unknown", maxConnections: null, suggestedType: null },
        message: `${twoEntries} ${untold}`,
      })
    }
    answers(refuses(404), refuses(403))
    expect(await check(["m3u", withLogin()])).toMatchObject({ ok: false, status: "wrong_password" })
  })
})

describe("the test of an Xtream server that is being typed", () => {
  it("is that of its account", async () => {
    expect(await check(["xtream", provider.url])).toMatchObject({
      ...{ ok: true, status: "active", maxConnections: 2, suggestedType: null },
    })
    const wrong = { primary: { url: null, ...login, password: "wrong" } }
    expect(await check(["xtream", provider.url, wrong])).toMatchObject({ status: "wrong_password" })
  })

  it("proposes M3U when the address is a list's", async () => {
    server.answer = refuses(404)
    for (const path of ["/tv.m3u", `/get.php?${query}`])
      expect(await check(["xtream", server.url + path])).toMatchObject({
        ...{ ok: false, status: "wrong_server", suggestedType: "m3u" },
      })
    expect(await check(["xtream", server.url])).toMatchObject({ ok: false, suggestedType: null })
  })
})
