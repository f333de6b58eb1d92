import { createServer as createTcpServer } from "node:net"
import { describe, expect, it, vi } from "vitest"
import { until } from "../pool/pool-fixture.ts"
import { playlistText, request, serve, tsSegment } from "./hls/hls-fixture.ts"
import { openStream } from "./open-stream.ts"
import { active, channel, counted, opened, provider, raw, useProvider, web } from "./upstream-fixture.ts"

vi.setConfig({ testTimeout: 20_000, hookTimeout: 60_000 })
useProvider()

const video = tsSegment(1, 40)
const ok = "HTTP/1.1 200 OK\r\ncontent-type: video/mp2t\r\n\r\n"

async function open(url: string, stallMilliseconds = 300) {
  const result = await openStream(request(url, { stallMilliseconds }))
  if (result.ok) opened.push(result.upstream)
  return result
}
const failure = async (url: string) => {
  const result = await open(url)
  return result.ok ? "open" : result.failure
}
/** All that came, and why it ended. */
async function read(url: string) {
  const result = await open(url)
  if (!result.ok) throw new Error(JSON.stringify(result.failure))
  const chunks: Buffer[] = []
  const { code } = await result.upstream.read((chunk) => void chunks.push(chunk))
  return { bytes: Buffer.concat(chunks), code }
}

describe("a stream of packets", () => {
  it("is open when its first packets came, of which none is lost", async () => {
    const server = await web((_, response) => void response.end(video))
    expect(await read(server.url)).toEqual({ bytes: video, code: "ended" })
  })

  it("is waited for, not longer than it may stall", async () => {
    const server = await raw(ok, (socket) => {
      socket.write(video.subarray(0, 100))
      setTimeout(() => socket.end(video.subarray(100)), 50)
    })
    expect(await read(server.url)).toEqual({ bytes: video, code: "ended" })
    const silent = await raw(ok)
    expect(await failure(silent.url)).toEqual({ code: "stalled" })
    const trickling = await raw(ok, (socket) => {
      const timer = setInterval(() => void socket.write("\x81"), 20)
      socket.once("close", () => clearInterval(timer))
    })
    expect(await failure(trickling.url)).toEqual({ code: "stalled" })
    await until("no socket is left", () => silent.openSockets() + trickling.openSockets() === 0)
  })

  it.each(["keyframe", "packet", "mid-packet"] as const)(
    "is known wherever it begins: %s",
    async (startAt) => {
      provider.setSettings({ startAt })
      expect((await open(channel())).ok).toBe(true)
      expect(active()).toBe(1)
      provider.setSettings({ startAt: "keyframe" })
    },
  )

  it.each([
    "ICY 200 OK\r\nicy-name: Radio\r\nicy-br:128\r\n\r\n",
    "HTTP/1.0 200\r\n\r\n",
    "HTTP/1.1 200 \r\n\r\n",
    "HTTP/1.1 200 OK\nContent-Type: video/mp2t\n\n",
    "HTTP 200 OK\r\n\r\n",
    "HTTP/1.1 206 Partial Content\r\n\r\n",
    "HTTP/1.1 200 OK\r\nServer : x\r\nContent-Length: -1\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
  ])("is played behind an odd head: %j", async (head) => {
    const server = await raw(head, (socket) => void socket.end(video))
    expect(await read(server.url)).toEqual({ bytes: video, code: "ended" })
  })

  it("is played behind a head that comes byte by byte", async () => {
    const server = await counted(
      createTcpServer((socket) => {
        socket.once("data", () => {
          const bytes = Buffer.concat([Buffer.from("ICY 200 OK\r\n\r\n"), video])
          const send = (at: number) => {
            if (at > 14) socket.end(bytes.subarray(at))
            else socket.write(bytes.subarray(at, at + 1), () => setImmediate(send, at + 1))
          }
          socket.setNoDelay(true)
          send(0)
        })
      }),
    )
    expect(await read(server.url)).toEqual({ bytes: video, code: "ended" })
  })

  it("is played in chunks", async () => {
    const server = await web((_, response) => {
      response.write(video.subarray(0, 300))
      response.end(video.subarray(300))
    })
    expect(await read(server.url)).toEqual({ bytes: video, code: "ended" })
  })

  it("may hold a login in its address, and cookies of a redirect", async () => {
    const seen: unknown[] = []
    const server = await serve((path, { headers }) => {
      seen.push([headers.authorization, headers.cookie])
      const cookies = { location: "/b", "set-cookie": "session=x" }
      return path === "/a" ? { status: 302, headers: cookies } : video
    })
    await read(`${server.url.replace("//", "//u:p%40ss@")}/a`)
    const login = `Basic ${Buffer.from("u:p@ss").toString("base64")}`
    expect(seen).toEqual([
      [login, undefined],
      [login, "session=x"],
    ])
  })
})

describe("what is not video", () => {
  it.each([
    ["text/html", "<!DOCTYPE html><title>Expired</title>", "html"],
    ["video/mp2t", "<html>", "html"],
    ["video/mp2t", '{"error":"expired"}', "json"],
    ["application/dash+xml", '<?xml version="1.0"?><MPD>', "dash"],
    ["video/mp2t", "Your account has expired", "unknown"],
  ])("is known at once, its connection closed: %s %s", async (type, body, what) => {
    const server = await web(
      (_, response) => void response.writeHead(200, { "content-type": type }).write(body),
    )
    const before = performance.now()
    const result = await openStream(request(server.url, { stallMilliseconds: 60_000 }))
    expect(result).toEqual({ ok: false, failure: { code: "not_video", what } })
    expect(performance.now() - before).toBeLessThan(1_000)
    await until("no socket is left", () => server.openSockets() === 0, 500)
  })

  it("is an answer without a body", async () => {
    const server = await web((_, response) => void response.writeHead(200).end())
    expect(await failure(server.url)).toEqual({ code: "not_video", what: "empty" })
    const none = await web((_, response) => void response.writeHead(204).end())
    expect(await failure(none.url)).toEqual({ code: "not_video", what: "empty" })
  })

  it("is a stream of a full account that is closed at once", async () => {
    provider.setSettings({ whenFull: "accept-then-close" })
    expect((await open(channel())).ok).toBe(true)
    expect(await failure(channel())).toEqual({ code: "not_video", what: "empty" })
  })

  it("is told from a connection that breaks before anything came", async () => {
    const server = await raw(ok, (socket) => void setImmediate(() => socket.resetAndDestroy()))
    expect(await failure(server.url)).toEqual({ code: "reset" })
  })
})

describe("a playlist", () => {
  it.each(["video/mp2t", "text/plain", "application/octet-stream", "application/vnd.apple.mpegurl"])(
    "is known by what is in it, under whatever name and type: %s",
    async (type) => {
      const server = await serve((path) =>
        path === "/live/u/p/1.ts"
          ? {
              status: 200,
              body: `\ufeff${playlistText({ first: 1, count: 3 })}`,
              headers: { "content-type": type },
            }
          : video,
      )
      expect((await open(`${server.url}/live/u/p/1.ts`)).ok).toBe(true)
      // It is not asked for a second time to be played.
      expect(server.requests.slice(0, 2)).toEqual(["/live/u/p/1.ts", "/live/u/p/seg1.ts"])
      expect(server.connections()).toBeLessThanOrEqual(2)
    },
  )

  it("of the demo provider is one connection of its account", async () => {
    provider.resetPeak()
    const result = await open(`${provider.url}/live/hls/hls/1.m3u8`, 2_000)
    expect(result.ok).toBe(true)
    expect(provider.connections().accounts.hls).toMatchObject({ active: 1, peak: 1, opened: 1, refused: 0 })
  })
})
