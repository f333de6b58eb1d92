import { subscribe, unsubscribe } from "node:diagnostics_channel"
import { createServer, type Socket } from "node:net"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openPlayer, play } from "./play.ts"
import { CLEAN } from "./test-support/check-whole.ts"
import {
  type Answer,
  answerWith,
  cutOff,
  endLate,
  endless,
  hangAfter,
  redirectAndHang,
  redirectTo,
  startLoopback,
  whole,
} from "./test-support/loopback.ts"
import { KEYFRAMES, makeStream } from "./test-support/make-stream.ts"

const stream = await makeStream("h264")
let taken = 0
const answers = new Map<string, Answer>([
  ["/whole", whole(stream, { sizes: [4099] })],
  ["/redirect", redirectTo("/again")],
  ["/again", redirectTo("/whole")],
  ["/loop", redirectTo("/loop")],
  ["/hanging-redirect", redirectAndHang("/whole")],
  ["/late-end", endLate(stream, 1000)],
  ["/stalled", whole(stream, { sizes: [1316], stall: { at: 1316, ms: 1000 } })],
  ["/cut", cutOff(stream, { sizes: [1316] })],
  ["/hang", hangAfter(stream)],
  ["/silent", hangAfter(Buffer.alloc(0))],
  [
    "/endless",
    endless(stream, (length) => {
      taken += length
    }),
  ],
  ["/full", answerWith(503, "application/json", '{"error":{"code":"no_capacity"}}')],
  ["/html", answerWith(403, "text/html", "<h1>no</h1>")],
  ["/mute", () => undefined],
])
let server: Awaited<ReturnType<typeof startLoopback>>

beforeAll(async () => {
  server = await startLoopback(answers)
})
afterAll(async () => await server.close())

const at = (path: string) => `${server.url}${path}`

/** Resolves when the server, too, has seen every connection close. */
const noSockets = async () => await expect.poll(() => server.openSockets(), { timeout: 5000 }).toBe(0)

describe("play", () => {
  it("plays to the end, through redirects, and tells each", async () => {
    const report = await play(at("/redirect"), { headers: { "x-test": "yes" } })
    expect(report).toMatchObject({
      ...CLEAN,
      status: 200,
      contentType: "video/mp2t",
      redirects: [`302 ${server.host}`, `302 ${server.host}`],
      finalUrl: at("/whole"),
      ended: "end",
      error: null,
      bytes: stream.length,
      keyframes: KEYFRAMES,
    })
    expect(server.seen.at(-1)).toMatchObject({ path: "/whole", headers: { "x-test": "yes" } })
    await noSockets()
  })

  it("takes the redirect for the answer when asked to", async () => {
    const report = await play(at("/redirect"), { followRedirects: false })
    expect(report).toMatchObject({
      status: 302,
      location: "/again",
      redirects: [],
      ended: "status",
      body: "moved",
    })
  })

  it("does not wait for the end of a redirect's body", async () => {
    expect(await play(at("/hanging-redirect"))).toMatchObject({ ended: "end", bytes: stream.length })
    await noSockets()
  })

  it("counts no silence between the last byte and the stream's own end", async () => {
    const report = await play(at("/late-end"))
    expect(report.seconds).toBeGreaterThan(0.95)
    expect(report.maxGapMs).toBeLessThan(800)
  })

  it("resolves when its own sockets are gone", async () => {
    const sockets: Socket[] = []
    const note = (message: unknown) => void sockets.push((message as { socket: Socket }).socket)
    subscribe("net.client.socket", note)
    await play(at("/redirect"), { untilBytes: 1 })
    await openPlayer(at("/mute")).close()
    unsubscribe("net.client.socket", note)
    expect(sockets.map(({ closed }) => closed)).toEqual([true, true, true, true])
  })

  it("gives up on redirects without end", async () => {
    const report = await play(at("/loop"))
    expect(report).toMatchObject({ status: 302, ended: "status" })
    expect(report.redirects).toHaveLength(5)
  })

  it("tells a refusal's code and its JSON", async () => {
    const report = await play(at("/full"))
    expect(report).toMatchObject({
      status: 503,
      ended: "status",
      body: { error: { code: "no_capacity" } },
      bytes: 0,
    })
    expect(await play(at("/html"))).toMatchObject({ status: 403, body: "<h1>no</h1>", error: "<h1>no</h1>" })
  })

  it("tells a reset from an end", async () => {
    const report = await play(at("/cut"))
    expect(report).toMatchObject({ status: 200, ended: "error", error: "ECONNRESET", bytes: stream.length })
  })

  it("tells that nobody listens", async () => {
    const free = createServer()
    const port = await new Promise<number>((resolve) => {
      free.listen(0, "127.0.0.1", () => resolve((free.address() as { port: number }).port))
    })
    await new Promise((resolve) => free.close(resolve))
    const report = await play(`http://127.0.0.1:${port}/`)
    expect(report).toMatchObject({ status: 0, ended: "error", error: "ECONNREFUSED", firstByteMs: null })
  })

  it("asks with HEAD", async () => {
    expect(await play(at("/whole"), { method: "HEAD" })).toMatchObject({
      status: 200,
      ended: "end",
      bytes: 0,
    })
    expect(server.seen.at(-1)?.method).toBe("HEAD")
  })

  it("stops after a time, and counts the silence up to it", async () => {
    const report = await play(at("/hang"), { seconds: 0.5 })
    expect(report).toMatchObject({ ended: "time", bytes: stream.length })
    expect(report.seconds).toBeGreaterThanOrEqual(0.49)
    expect(report.maxGapMs).toBeGreaterThan(200)
    await noSockets()
  })

  it("stops after some bytes, or by a signal", async () => {
    const some = await play(at("/endless"), { untilBytes: 1_000_000 })
    expect(some.ended).toBe("bytes")
    expect(some.bytes).toBeGreaterThanOrEqual(1_000_000)
    const abort = new AbortController()
    const player = openPlayer(at("/hang"), { signal: abort.signal })
    await player.firstByte
    abort.abort()
    expect((await player.ended).ended).toBe("closed")
    expect((await play(at("/hang"), { signal: abort.signal })).ended).toBe("closed")
    await noSockets()
  })

  it("reads no faster than a slow viewer", async () => {
    const report = await play(at("/endless"), { seconds: 1.5, readBytesPerSecond: 100_000 })
    expect(report.bytes).toBeGreaterThan(100_000)
    expect(report.bytes).toBeLessThan(155_000)
    expect(report).toMatchObject({ ccErrorsByPid: {}, syncLosses: 0, aligned: true })
  })

  it("makes good no time in which nothing came", async () => {
    const report = await play(at("/stalled"), { readBytesPerSecond: stream.length * 2 })
    expect(report).toMatchObject({ ended: "end", bytes: stream.length })
    expect(report.seconds).toBeGreaterThan(1.4)
  })

  it("reads a slow stream to its end", async () => {
    const report = await play(at("/whole"), { readBytesPerSecond: stream.length * 2 })
    expect(report).toMatchObject({ ...CLEAN, ended: "end", bytes: stream.length })
    expect(report.seconds).toBeGreaterThan(0.4)
  })
})

describe("openPlayer", () => {
  it("can be asked, and waited for, in mid-play", async () => {
    const player = openPlayer(at("/hang"))
    const first = await player.firstByte
    expect(first).toBeGreaterThan(0)
    const all = await player.waitFor(({ keyframes }) => keyframes === KEYFRAMES, 5000)
    expect(all).toMatchObject({ status: 200, ended: null, firstByteMs: first })
    const silent = await player.waitFor(({ maxGapMs }) => maxGapMs > 300, 5000)
    expect(silent.ended).toBeNull()
    expect(await player.close()).toMatchObject({ ended: "closed", bytes: stream.length })
    await noSockets()
  })

  it("does not wait in vain", async () => {
    const player = openPlayer(at("/hang"))
    await expect(player.waitFor(({ ccErrors }) => ccErrors > 0, 200)).rejects.toThrow(
      /200 ms passed.*ccErrors/,
    )
    const vain = player.waitFor(({ ccErrors }) => ccErrors > 0, 60_000)
    await Promise.all([expect(vain).rejects.toThrow("The player ended"), player.close()])
    await expect(player.waitFor(({ ccErrors }) => ccErrors > 0, 60_000)).rejects.toThrow("had ended")
    expect((await player.waitFor(({ ended }) => ended !== null, 60_000)).ended).toBe("closed")
  })

  it("tells that no byte ever came", async () => {
    const player = openPlayer(at("/silent"))
    await player.waitFor(({ status }) => status === 200, 5000)
    await player.close()
    expect(await player.firstByte).toBeNull()
  })

  it("closes before an answer came, and twice", async () => {
    const player = openPlayer(at("/mute"))
    const closing = player.close()
    expect(await player.close()).toEqual(await closing)
    expect(await player.ended).toMatchObject({ status: 0, ended: "closed", error: null })
    await noSockets()
  })

  it("stops reading, so that the sender gets stuck, and goes on", async () => {
    taken = 0
    const player = openPlayer(at("/endless"), { pause: { afterBytes: 500_000 } })
    await player.waitFor(({ maxGapMs }) => maxGapMs > 500, 10_000)
    const stuckAt = taken
    const paused = player.report().bytes
    expect(paused).toBeGreaterThanOrEqual(500_000)
    await player.waitFor(({ maxGapMs }) => maxGapMs > 800, 10_000)
    expect(taken).toBe(stuckAt)
    expect(player.report().bytes).toBe(paused)
    player.resume()
    await player.waitFor(({ bytes }) => bytes > paused + 20_000_000, 10_000)
    player.pause()
    const held = player.report().bytes
    await player.waitFor(({ maxGapMs, maxGapAtMs }) => maxGapMs > 900 && (maxGapAtMs ?? 0) > 500, 10_000)
    expect(player.report().bytes).toBe(held)
    await player.close()
    await noSockets()
  })
})
