import { createServer as createTcpServer } from "node:net"
import { settingsSchema } from "@tributary/shared/config/settings"
import type { SourceRecord } from "@tributary/shared/store/records"
import { describe, expect, it, vi } from "vitest"
import { until } from "../pool/pool-fixture.ts"
import { tsSegment } from "./hls/hls-fixture.ts"
import { openFeed } from "./open-feed.ts"
import { describeFailure, type UpstreamFailure } from "./upstream.ts"
import {
  active,
  channel,
  counted,
  failure,
  open,
  opened,
  provider,
  raw,
  stallMilliseconds,
  staying,
  unusedPort,
  useProvider,
  web,
} from "./upstream-fixture.ts"

vi.setConfig({ testTimeout: 20_000, hookTimeout: 60_000 })
useProvider()

// What a time-out may be late by on a busy machine.
const tolerance = 300

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

  it.each(["video/mp2t", "application/octet-stream", "video/mpeg", "text/plain", "text/html", ""])(
    "may not be told from %j, which many panels send with good streams",
    async (type) => {
      const server = await web(
        (_, response) => void response.writeHead(200, { "content-type": type }).write(tsSegment(1)),
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
    ...(["stalled", "ended", "aborted", "collapsed"] as const).map((code) => ({ code })),
    ...(["encryption", "separate_sound", "container"] as const).map((what) => ({
      code: "unsupported" as const,
      what,
    })),
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
