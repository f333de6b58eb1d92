import { createServer, type RequestListener } from "node:http"
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net"
import { settingsSchema } from "@tributary/shared/config/settings"
import type { SourceRecord } from "@tributary/shared/store/records"
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { smallChannels, temporaryFolder } from "../../../infra/local/demo-provider/loop-for-tests.ts"
import {
  type DemoProvider,
  startDemoProvider,
} from "../../../infra/local/demo-provider/start-demo-provider.ts"
import { until } from "../pool/pool-fixture.ts"
import { openFeed } from "./open-feed.ts"
import { describeFailure, type HttpUpstream, openHttp, type UpstreamFailure } from "./open-http.ts"

vi.setConfig({ testTimeout: 20_000, hookTimeout: 60_000 })

const stallMilliseconds = 250
// What a time-out may be late by on a busy machine.
const tolerance = 300
const staying = new AbortController().signal

let provider: DemoProvider
let folder: Awaited<ReturnType<typeof temporaryFolder>>
const opened: HttpUpstream[] = []
const servers: { close(): Promise<void> }[] = []

beforeAll(async () => {
  folder = await temporaryFolder()
  const accounts = [{ username: "demo", password: "demo", maxConnections: 1 }]
  provider = await startDemoProvider({
    dataDir: folder.path,
    channels: smallChannels,
    movieSeconds: 2,
    accounts,
  })
})
afterEach(async () => {
  for (const upstream of opened.splice(0)) await upstream.close()
  for (const server of servers.splice(0)) await server.close()
  provider.clearFaults()
  provider.setSettings({ redirect: false, whenFull: 403 })
  await until("the provider is idle", () => active() === 0)
})
afterAll(async () => {
  await provider.close()
  await folder.remove()
})

const active = () => provider.connections().accounts.demo?.active ?? 0
const channel = (id = 1) => `${provider.url}/live/demo/demo/${id}.ts`

async function open(url: string, options: { signal?: AbortSignal; headers?: Record<string, string> } = {}) {
  const result = await openHttp({ url, headers: {}, stallMilliseconds, signal: staying, ...options })
  if (result.ok) opened.push(result.upstream)
  return result
}

/** The failure; when it opened, the reason of its end. */
async function failure(url: string): Promise<UpstreamFailure> {
  const result = await open(url)
  return result.ok ? await result.upstream.read(() => undefined) : result.failure
}

/** A server whose open sockets can be counted. */
async function counted(server: Server) {
  const sockets = new Set<Socket>()
  let connections = 0
  server.on("connection", (socket: Socket) => {
    connections++
    sockets.add(socket)
    socket.on("error", () => undefined)
    socket.once("close", () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  const each = {
    host: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}`,
    openSockets: () => sockets.size,
    connections: () => connections,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
  servers.push(each)
  return each
}
/** Answers every connection with these bytes, then does what it is told. */
const raw = (bytes: string, then: (socket: Socket) => void = () => undefined) =>
  counted(
    createTcpServer((socket) => {
      socket.once("data", () => {
        socket.write(bytes)
        then(socket)
      })
    }),
  )
const web = (listener: RequestListener) => counted(createServer(listener))

async function unusedPort(): Promise<number> {
  const server = await counted(createTcpServer((socket) => void socket.resume()))
  const port = Number(server.host.split(":")[1])
  await servers.pop()?.close()
  return port
}

describe("an upstream that opens", () => {
  it("gives the bytes as they come, over one connection, and is gone when it is closed", async () => {
    const result = await open(channel())
    if (!result.ok) throw new Error(result.failure.code)
    expect(result.upstream.contentType).toBe("video/mp2t")
    let bytes = 0
    const ended = result.upstream.read((chunk) => {
      bytes += chunk.length
    })
    await until("bytes have come", () => bytes > 100_000)
    expect(provider.connections().accounts.demo).toMatchObject({ active: 1, peak: 1 })
    await result.upstream.close()
    expect((await ended).code).toBe("aborted")
    await until("the provider sees the end", () => active() === 0)
  })

  it("sends the headers it is given", async () => {
    let seen: unknown
    const server = await web((request, response) => {
      seen = [request.headers["user-agent"], request.headers.referer]
      response.end("x")
    })
    await open(server.url, { headers: { "user-agent": "VLC", referer: "http://a.test/" } })
    expect(seen).toEqual(["VLC", "http://a.test/"])
  })

  it("closes at once, also when it is closed again and again", async () => {
    const server = await web((_, response) => void response.writeHead(200).write("x"))
    const result = await open(server.url)
    if (!result.ok) throw new Error(result.failure.code)
    const closing = [result.upstream.close(), result.upstream.close()]
    await Promise.all(closing)
    await result.upstream.close()
    await until("the server sees the end", () => server.openSockets() === 0, 500)
  })

  it("tells of an end that came before anyone read", async () => {
    const server = await raw("HTTP/1.1 200 OK\r\n\r\nfew", (socket) => void socket.end())
    const result = await open(server.url)
    if (!result.ok) throw new Error(result.failure.code)
    await until("the server sees the end", () => server.openSockets() === 0)
    let text = ""
    const reason = await result.upstream.read((chunk) => {
      text += chunk.toString()
    })
    expect([text, reason.code]).toEqual(["few", "ended"])
  })

  it("tells of a reset that came before anyone read", async () => {
    const server = await raw(
      "HTTP/1.1 200 OK\r\n\r\nfew",
      (socket) => void setImmediate(() => socket.resetAndDestroy()),
    )
    const result = await open(server.url)
    if (!result.ok) throw new Error(result.failure.code)
    await until("the server sees the end", () => server.openSockets() === 0)
    expect((await result.upstream.read(() => undefined)).code).toBe("reset")
  })
})

describe("a failure", () => {
  it("is 'refused' where nobody listens", async () => {
    expect(await failure(`http://127.0.0.1:${await unusedPort()}/`)).toEqual({ code: "refused" })
  })

  it("is 'unresolved' for a name that does not exist", async () => {
    expect(await failure("http://no-such-host.invalid/")).toEqual({ code: "unresolved" })
  })

  it.each([404, 403, 500, 503])("names the status %i", async (status) => {
    provider.setFault(1, { kind: "status", status })
    expect(await failure(channel())).toEqual({ code: "http_status", status })
  })

  it("names the status of a full account, which gets no second connection", async () => {
    await open(channel())
    expect(await failure(channel())).toEqual({ code: "http_status", status: 403 })
  })

  it("is 'timeout' when no answer comes", async () => {
    provider.setFault(1, { kind: "hang" })
    const before = performance.now()
    expect(await failure(channel())).toEqual({ code: "timeout" })
    const took = performance.now() - before
    expect(took).toBeGreaterThanOrEqual(stallMilliseconds * 0.8)
    expect(took).toBeLessThan(stallMilliseconds + tolerance)
  })

  it("is 'stalled' when the bytes stop, and not before", async () => {
    provider.setFault(1, { kind: "stall", afterBytes: 50_000 })
    const result = await open(channel())
    if (!result.ok) throw new Error(result.failure.code)
    let bytes = 0
    let lastAt = 0
    const reason = await result.upstream.read((chunk) => {
      bytes += chunk.length
      lastAt = performance.now()
    })
    expect([reason.code, bytes]).toEqual(["stalled", 50_000])
    expect(performance.now() - lastAt).toBeGreaterThanOrEqual(stallMilliseconds * 0.8)
    expect(performance.now() - lastAt).toBeLessThan(stallMilliseconds + tolerance)
  })

  it("is 'reset' when the connection breaks", async () => {
    provider.setFault(1, { kind: "reset", afterBytes: 50_000 })
    expect((await failure(channel())).code).toBe("reset")
    provider.setFault(1, { kind: "refuse" })
    expect((await failure(channel())).code).toBe("reset")
  })

  it("is 'ended' when the provider ends the stream", async () => {
    provider.setFault(1, { kind: "end", afterBytes: 50_000 })
    expect(await failure(channel())).toEqual({ code: "ended" })
  })

  it("is 'reset' when less comes than was announced", async () => {
    const server = await raw(
      "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nfew",
      (socket) => void socket.end(),
    )
    expect((await failure(server.url)).code).toBe("reset")
  })

  it.each([
    ["SSH-2.0-OpenSSH_9.2\r\n", "protocol_error"],
    ["\0\0\0\0\0\0\0\0", "protocol_error"],
    ["HTTP/1.1 abc\r\n\r\n", "protocol_error"],
    ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nnot a length\r\n", "protocol_error"],
  ])("is 'protocol_error' where the server does not speak HTTP (%j)", async (bytes, code) => {
    const server = await raw(bytes)
    expect((await failure(server.url)).code).toBe(code)
    await until("no socket is left", () => server.openSockets() === 0)
  })

  it("is 'reset' when the server hangs up without an answer", async () => {
    const server = await counted(createTcpServer((socket) => void socket.once("data", () => socket.end())))
    expect((await failure(server.url)).code).toBe("reset")
  })

  it.each(["", "not an address", "http://", "ftp://a.test/x", "http://a.test:99999/", "file:///etc/passwd"])(
    "is 'bad_address' for %j",
    async (url) => {
      expect(await failure(url)).toEqual({ code: "bad_address" })
    },
  )

  it("leaves no socket, whatever it was", async () => {
    for (const kind of ["refuse", "hang", "html", "end", "reset"] as const) {
      provider.setFault(1, { kind })
      await failure(channel())
      for (const upstream of opened.splice(0)) await upstream.close()
      await until(`the provider is idle after ${kind}`, () => active() === 0)
    }
  })
})

describe("redirects", () => {
  /** A server that answers /n by a redirect to /n-1, and /0 by a stream. */
  const chain = () =>
    web((request, response) => {
      const left = Number(request.url?.slice(1))
      if (left === 0) response.writeHead(200, { "content-type": "video/mp2t" }).end("bytes")
      else response.writeHead(302, { location: `/${left - 1}` }).end("moved")
    })

  it("are followed, five in a row", async () => {
    const server = await chain()
    const result = await open(`${server.url}/5`)
    expect(result).toMatchObject({ ok: true, upstream: { contentType: "video/mp2t" } })
  })

  it("are followed no further", async () => {
    const server = await chain()
    expect(await failure(`${server.url}/6`)).toEqual({ code: "http_status", status: 302 })
  })

  it("end where they run in a circle", async () => {
    const server = await web((request, response) => {
      response.writeHead(302, { location: request.url === "/a" ? "/b" : "/a" }).end()
    })
    expect(await failure(`${server.url}/a`)).toEqual({ code: "http_status", status: 302 })
    await until("no socket is left", () => server.openSockets() === 0)
  })

  it("lead to other servers, and leave no connection to the first one", async () => {
    const target = await web((_, response) => void response.writeHead(200).write("x"))
    const first = await web((_, response) => void response.writeHead(302, { location: target.url }).end())
    const result = await open(first.url)
    expect(result.ok).toBe(true)
    if (result.ok) await result.upstream.close()
    await until("no socket is left", () => first.openSockets() + target.openSockets() === 0)
  })

  it("are followed also when their own body never ends", async () => {
    const server = await web((request, response) => {
      if (request.url === "/") response.writeHead(302, { location: "/x" }).write("moved")
      else response.writeHead(200).write("x")
    })
    expect((await open(server.url)).ok).toBe(true)
    await until("the redirect's connection is gone", () => server.openSockets() === 1)
  })

  it("do not take a login to another server", async () => {
    const seen: unknown[] = []
    const listener: RequestListener = ({ headers }, response) => {
      seen.push([headers.authorization, headers.cookie, headers["user-agent"]])
      response.writeHead(200).write("x")
    }
    const target = await web(listener)
    const first = await web((_, response) => void response.writeHead(302, { location: target.url }).end())
    await open(first.url, { headers: { Authorization: "Basic x", cookie: "a=b", "user-agent": "VLC" } })
    expect(seen).toEqual([[undefined, undefined, "VLC"]])
  })

  it.each(["http://", "ftp://a.test/x", "http://a.test:99999/"])(
    "to %j are 'bad_address'",
    async (location) => {
      const server = await web((_, response) => void response.writeHead(302, { location }).end())
      expect(await failure(server.url)).toEqual({ code: "bad_address" })
    },
  )

  it("of a panel lead to the stream, which is one connection", async () => {
    provider.setSettings({ redirect: true })
    provider.resetPeak()
    expect((await open(channel())).ok).toBe(true)
    expect(provider.connections().accounts.demo).toMatchObject({ active: 1, peak: 1, opened: 1 })
  })
})

describe("giving up", () => {
  it("leaves no socket while it waits for an answer", async () => {
    const server = await counted(createTcpServer((socket) => void socket.resume()))
    const abort = new AbortController()
    const opening = open(server.url, { signal: abort.signal })
    await until("it is connected", () => server.openSockets() === 1)
    abort.abort()
    expect(await opening).toEqual({ ok: false, failure: { code: "aborted" } })
    await until("no socket is left", () => server.openSockets() === 0, 200)
  })

  it("leaves no socket while it connects: a handshake that is never answered", async () => {
    const server = await counted(createTcpServer((socket) => void socket.resume()))
    const abort = new AbortController()
    const opening = openHttp({
      url: `https://${server.host}/`,
      headers: {},
      stallMilliseconds: 60_000,
      signal: abort.signal,
    })
    await until("it is connected", () => server.openSockets() === 1)
    abort.abort()
    expect(await opening).toEqual({ ok: false, failure: { code: "aborted" } })
    await until("no socket is left", () => server.openSockets() === 0, 200)
  })

  it("opens nothing when it is too late already", async () => {
    const server = await counted(createTcpServer((socket) => void socket.resume()))
    expect(await open(server.url, { signal: AbortSignal.abort() })).toMatchObject({
      failure: { code: "aborted" },
    })
    expect(server.connections()).toBe(0)
  })

  it("times out in a handshake that is never answered", async () => {
    const server = await counted(createTcpServer((socket) => void socket.resume()))
    expect(await failure(`https://${server.host}/`)).toEqual({ code: "timeout" })
    await until("no socket is left", () => server.openSockets() === 0, 200)
  })
})

describe("what is not video", () => {
  const record = { userAgent: "test" } as SourceRecord
  const feed = (url: string) => ({ id: "f", source: "s", locator: { kind: "url", template: url } as const })
  const settings = settingsSchema.parse({})
  const openAt = (url: string) =>
    openFeed(feed(url), { record, secret: { url, logins: {} } }, "primary", settings, staying)

  it.each([
    ["text/html; charset=utf-8", "html"],
    ["TEXT/HTML", "html"],
    ["application/json", "json"],
    ["application/vnd.apple.mpegurl", "hls"],
    ["audio/x-mpegurl", "hls"],
    ["application/dash+xml", "dash"],
  ])("is recognised by its content type (%s), and its connection closed", async (type, what) => {
    const server = await web(
      (_, response) => void response.writeHead(200, { "content-type": type }).write("x"),
    )
    expect(await openAt(server.url)).toEqual({ ok: false, failure: { code: "not_video", what } })
    await until("no socket is left", () => server.openSockets() === 0, 500)
  })

  it.each(["video/mp2t", "application/octet-stream", "video/mpeg", "text/plain", ""])(
    "may not be told from %j, which many panels send with good streams",
    async (type) => {
      const server = await web(
        (_, response) => void response.writeHead(200, { "content-type": type }).write("x"),
      )
      const result = await openAt(server.url)
      expect(result.ok).toBe(true)
      if (result.ok) await result.upstream.close()
    },
  )
})

describe("the text of a failure", () => {
  const failures: UpstreamFailure[] = [
    ...(["refused", "unresolved", "timeout", "reset", "bad_address", "protocol_error"] as const).map(
      (code) => ({ code }),
    ),
    ...(["stalled", "ended", "aborted"] as const).map((code) => ({ code })),
    { code: "http_status", status: 404 },
    ...(["html", "json", "hls", "dash", "empty", "unknown"] as const).map((what) => ({
      code: "not_video" as const,
      what,
    })),
  ]

  it("is one sentence without an address, different for each", () => {
    const texts = failures.map(describeFailure)
    expect(new Set(texts).size).toBe(texts.length)
    for (const text of texts) expect(text).toMatch(/^[a-z][^:/]{5,80}$/i)
  })

  it("is all that is left of an error: no field holds an address", async () => {
    const port = await unusedPort()
    for (const url of [
      `http://user:pass@127.0.0.1:${port}/secret`,
      "http://no-such-host.invalid/secret",
      "secret",
    ])
      expect(JSON.stringify(await failure(url))).not.toMatch(/127|secret|invalid|pass/)
  })
})
