import { gzipSync } from "node:zlib"
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { openClient } from "../../../infra/local/demo-provider/client-for-tests.ts"
import {
  eventually,
  json,
  login,
  loginAnswer,
  openSource,
  settings,
  startProvider,
  startRawServer,
  startServer,
  unusedAddress,
} from "./account-fixture.ts"
import { accountTarget } from "./account-target.ts"
import { type Asking, askAccount } from "./ask-account.ts"

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })

const now = Date.now()
let provider: Awaited<ReturnType<typeof startProvider>>
const closing: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  provider = await startProvider()
})
afterEach(async () => {
  provider.clearFaults()
  provider.setAccount(login.username, { status: "Active", maxConnections: 2, expiresAt: null })
  for (const close of closing.splice(0)) await close()
})
afterAll(() => provider?.close())

/** A server that is closed when the test ends. */
async function server(answer: Parameters<typeof startServer>[0]) {
  const started = await startServer(answer)
  closing.push(started.close)
  return started
}

function ask(url: string, changes: Partial<Asking> & { password?: string; type?: "xtream" | "m3u" } = {}) {
  const { password = login.password, type = "xtream", ...asking } = changes
  const source = openSource(type, url, { primary: { url: null, ...login, password } })
  const target = accountTarget(source, "primary", settings)
  if (target === null) throw new Error("no login")
  const { signal } = new AbortController()
  return askAccount(target, { patienceMilliseconds: 10_000, now: () => now, signal, ...asking })
}

const problem = async (...asked: Parameters<typeof ask>) => {
  const answer = await ask(...asked)
  expect(JSON.stringify(answer)).not.toMatch(/127\.0\.0\.1|zoe|p4ss|localhost|\.invalid/)
  return answer.ok ? answer.report.status : answer.problem
}

describe("an account", () => {
  it("is reported with what the panel counts, connections of others included", async () => {
    const idle = {
      ...{ maxConnections: 2, activeConnections: 0, status: "active", expiresAt: null },
      clock: { timeZone: "Europe/Berlin", offsetMinutes: expect.any(Number) },
    }
    expect(await ask(provider.url)).toEqual({ ok: true, report: idle })
    const path = ["live", login.username, login.password, "1.ts"].map(encodeURIComponent).join("/")
    const elsewhere = await openClient(`${provider.url}/${path}`)
    await elsewhere.atLeast(188)
    expect(await ask(provider.url)).toEqual({ ok: true, report: { ...idle, activeConnections: 1 } })
    elsewhere.close()
  })

  it("that cannot be used is reported as such", async () => {
    for (const status of ["Expired", "Banned", "Disabled"] as const) {
      provider.setAccount(login.username, { status })
      expect(await problem(provider.url)).toBe(status.toLowerCase())
    }
    const expiresAt = Math.floor(now / 1000) - 60
    provider.setAccount(login.username, { status: "Active", expiresAt })
    expect(await ask(provider.url)).toMatchObject({
      report: { status: "expired", expiresAt: expiresAt * 1000 },
    })
    const { url } = await server(json(loginAnswer({ exp_date: String(expiresAt) })))
    expect(await problem(url)).toBe("expired")
  })

  it("is asked about with the headers of a player, following redirects", async () => {
    const panel = await server((request, response) =>
      request.url?.startsWith("/moved")
        ? json(loginAnswer())(request, response)
        : void response.writeHead(302, { location: `/moved${request.url}` }).end(),
    )
    expect(await problem(panel.url)).toBe("active")
    expect(panel.headers["user-agent"]).toBe("A player")
    expect(panel.asked).toHaveLength(2)
  })

  it("is read from gzip that nobody asked for", async () => {
    const { url } = await server((_, response) => void response.end(gzipSync(JSON.stringify(loginAnswer()))))
    expect(await problem(url)).toBe("active")
  })
})

describe("a wrong password", () => {
  it("is told by the panel's answer of 200", async () => {
    expect(await problem(provider.url, { password: "wrong" })).toBe("wrong_password")
    for (const auth of [0, "0", false]) {
      const { url } = await server(json(loginAnswer({ auth })))
      expect(await problem(url)).toBe("wrong_password")
      expect(await problem(url, { type: "m3u" })).toBe("wrong_password")
    }
  })

  it.each([401, 403])("is told by the status %d of a panel, but not of a list's server", async (status) => {
    provider.setFault("api", { kind: "status", status })
    expect(await problem(provider.url)).toBe("wrong_password")
    expect(await ask(provider.url, { type: "m3u" })).toMatchObject({
      problem: "wrong_server",
      isOtherServer: true,
    })
  })
})

describe("a wrong server", () => {
  it("is one whose name is unknown", async () => {
    expect(await ask("http://no-such-host.invalid")).toMatchObject({
      problem: "wrong_server",
      isOtherServer: false,
      reason: "the server's name could not be resolved",
    })
  })

  it.each([
    ["a web page", "<html>welcome</html>", "it sent a web page"],
    ["nothing", "", "its answer is empty"],
    ["other JSON", '{"status":"ok"}', "its answer is not Xtream's"],
    ["an empty list", "[]", "its answer is not Xtream's"],
    ["text", "pong", "its answer is not Xtream's"],
  ])("is one that answers with %s", async (_, body, reason) => {
    const { url } = await server((_request, response) => void response.end(body))
    expect(await ask(url)).toEqual({ ok: false, problem: "wrong_server", isOtherServer: true, reason })
  })

  it("is one that answers as a web server does", async () => {
    provider.setFault("api", { kind: "html" })
    expect(await problem(provider.url)).toBe("wrong_server")
    for (const status of [400, 404, 410, 451]) {
      provider.setFault("api", { kind: "status", status })
      expect(await problem(provider.url)).toBe("wrong_server")
    }
  })

  it("is one that does not speak HTTP, or redirects for ever", async () => {
    const raw = await startRawServer("220 mail.test ESMTP\r\n")
    closing.push(raw.close)
    expect(await problem(raw.url)).toBe("wrong_server")
    const { url } = await server((_, response) => void response.writeHead(302, { location: "/" }).end())
    expect(await problem(url)).toBe("wrong_server")
  })

  it("is one whose answer does not end, and it is not held whole", async () => {
    const endless = await server((_, response) => {
      const more = () => {
        while (response.write(" ".repeat(65_536)));
      }
      response.on("drain", more)
      more()
    })
    expect(await problem(endless.url)).toBe("wrong_server")
    await eventually(() => expect(endless.openSockets()).toBe(0))
  })
})

describe("a server that is down", () => {
  it("is one that refuses the connection", async () => {
    expect(await ask(await unusedAddress())).toMatchObject({
      problem: "server_down",
      reason: "the connection was refused",
    })
  })

  it("is one that breaks off, before its answer or in it", async () => {
    for (const kind of ["refuse", "reset", "end"] as const) {
      provider.setFault("api", { kind, afterBytes: 20 })
      expect(await problem(provider.url), kind).toBe("server_down")
    }
  })

  it.each([500, 502, 503, 520, 429, 408])("is one that answers %d", async (status) => {
    provider.setFault("api", { kind: "status", status })
    expect(await problem(provider.url)).toBe("server_down")
    expect(await problem(provider.url, { type: "m3u" })).toBe("server_down")
  })
})

describe("a server that takes too long", () => {
  const patienceMilliseconds = 200

  it("is one that says nothing, or stops in its answer", async () => {
    for (const kind of ["hang", "stall"] as const) {
      provider.setFault("api", { kind, ...(kind === "stall" ? { afterBytes: 20 } : {}) })
      expect(await problem(provider.url, { patienceMilliseconds }), kind).toBe("timeout")
    }
  })

  it("is one that goes on and on, and its connection is closed", async () => {
    const slow = await server((_, response) => {
      const drip = setInterval(() => response.write(" "), 10)
      response.on("close", () => clearInterval(drip))
    })
    expect(await problem(slow.url, { patienceMilliseconds })).toBe("timeout")
    await eventually(() => expect(slow.openSockets()).toBe(0))
  })

  it("is not waited for by who is closed", async () => {
    const asked = Promise.withResolvers<void>()
    const silent = await server(() => asked.resolve())
    const closed = new AbortController()
    const answer = ask(silent.url, { signal: closed.signal })
    await asked.promise
    closed.abort(new Error("closed"))
    await expect(answer).rejects.toThrow("closed")
    await eventually(() => expect(silent.openSockets()).toBe(0))
  })
})
