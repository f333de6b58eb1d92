import { describe, expect, it, vi } from "vitest"
import { until } from "../../pool/pool-fixture.ts"
import { openStream } from "../open-stream.ts"
import { ManualClock, play, playlistText, request, serve, tsSegment } from "./hls-fixture.ts"

vi.setConfig({ testTimeout: 20_000 })

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n)
const sequenceOf = (path: string) => Number(/(\d+)\.ts/.exec(path)?.[1] ?? Number.NaN)

/** A live stream whose window a test slides. */
async function live(window: number, first = 100) {
  const state = { first, last: first + window - 1, hangs: false, fails: false }
  const server = await serve((path) => {
    if (state.fails) return { status: 503 }
    if (state.hangs && !path.startsWith("/live")) return "hang"
    if (path.startsWith("/live"))
      return playlistText({ first: state.first, count: state.last - state.first + 1 })
    const sequence = sequenceOf(path)
    return sequence >= state.first && sequence <= state.last ? tsSegment(sequence) : undefined
  })
  const slide = (by = 1) => {
    state.first += by
    state.last += by
  }
  return { server, state, slide, url: `${server.url}/live.ts` }
}

describe("a live playlist", () => {
  it("is played from three target durations before its end, each segment once, however long its window", async () => {
    const { server, slide, url } = await live(30)
    const stream = await play(url)
    await stream.until(3)
    for (let n = 0; n < 90; n++) {
      slide()
      await stream.pass(2_000, server)
      await stream.until(4 + n)
    }
    expect(stream.segments()).toEqual(numbers(127, 129 + 90))
    expect(server.segmentRequests()).toEqual(numbers(127, 129 + 90))
    expect(stream.seams.length).toBe(92)
    expect(new Set(stream.seams.map(({ seam }) => seam))).toEqual(new Set(["segment"]))
    expect(stream.seams.every(({ atByte }) => atByte % tsSegment(1).length === 0)).toBe(true)
  })

  it("is loaded once a target duration while it moves, twice while it does not", async () => {
    const { server, slide, url } = await live(5)
    const stream = await play(url)
    await stream.until(3)
    const loads = () => server.requests.filter((path) => path.startsWith("/live")).length
    expect(loads()).toBe(1)
    await stream.pass(1_999, server)
    await stream.pass(1, server)
    await until("it is loaded", () => loads() === 2)
    await stream.pass(1_000, server)
    await until("it is loaded again", () => loads() === 3)
    slide()
    await stream.pass(1_000, server)
    await stream.until(4)
    await stream.pass(1_000, server)
    expect(loads()).toBe(4)
    await stream.pass(1_000, server)
    await until("it is loaded once more", () => loads() === 5)
  })

  it("has at most two requests at once, over as many connections as it needs", async () => {
    const { server, slide, url } = await live(10)
    const stream = await play(url)
    for (let n = 0; n < 20; n++) {
      slide()
      await stream.pass(2_000, server)
    }
    await stream.until(20)
    expect(server.peakInFlight()).toBeLessThanOrEqual(2)
    expect(server.connections()).toBeLessThanOrEqual(2)
  })

  it("goes on with a seam where its window has moved past, near its end", async () => {
    const { server, slide, url } = await live(10)
    const stream = await play(url)
    await stream.until(3)
    slide(50)
    await stream.pass(2_000, server)
    await stream.until(6)
    expect(stream.segments()).toEqual([107, 108, 109, 157, 158, 159])
    expect(stream.seams.map(({ seam }) => seam)).toEqual([
      "segment",
      "segment",
      "discontinuity",
      "segment",
      "segment",
    ])
  })

  it("goes on with a seam where its numbers begin anew", async () => {
    const { server, state, url } = await live(6)
    const stream = await play(url)
    await stream.until(3)
    Object.assign(state, { first: 0, last: 1 })
    await stream.pass(2_000, server)
    await stream.until(5)
    expect(stream.segments()).toEqual([103, 104, 105, 0, 1])
    expect(stream.seams[2]?.seam).toBe("discontinuity")
  })

  it("is 'stalled' when nothing is added for three target durations", async () => {
    const { server, url } = await live(6)
    const stream = await play(url)
    await stream.until(3)
    for (let n = 0; n < 5; n++) await stream.pass(1_000, server)
    expect(stream.hasEnded()).toBe(false)
    await stream.pass(1_000, server)
    expect(await stream.end).toEqual({ code: "stalled" })
  })

  it("is 'stalled' when segments hang, long before its playlist is", async () => {
    const { server, slide, url, state } = await live(6)
    const stream = await play(url, { stallMilliseconds: 100 })
    await stream.until(3)
    state.hangs = true
    slide()
    await stream.pass(2_000, server)
    await until("a segment hangs", () => server.requests.includes("/seg106.ts"))
    slide()
    stream.clock.advance(2_100)
    expect(await stream.end).toEqual({ code: "stalled" })
    await stream.upstream.close()
    await until("no socket is left", () => server.openSockets() === 0)
  })

  it("goes on when the server was away for less than its window", async () => {
    const { server, slide, url, state } = await live(10)
    const stream = await play(url)
    await stream.until(3)
    state.fails = true
    for (let n = 0; n < 2; n++) {
      slide()
      await stream.pass(1_000, server)
      await stream.pass(1_000, server)
    }
    state.fails = false
    slide()
    await stream.pass(1_000, server)
    await stream.until(6)
    expect(stream.segments()).toEqual(numbers(107, 112))
    expect(new Set(stream.seams.map(({ seam }) => seam))).toEqual(new Set(["segment"]))
  })

  it("fails as its playlist fails, when it does for too long", async () => {
    const { server, url, state } = await live(6)
    const stream = await play(url)
    await stream.until(3)
    state.fails = true
    while (!stream.hasEnded()) await stream.pass(1_000, server)
    expect(await stream.end).toEqual({ code: "http_status", status: 503 })
  })

  it("is given up when its first segment does not come", async () => {
    const server = await serve((path) => (path === "/live" ? playlistText({ first: 1, count: 3 }) : "hang"))
    const clock = new ManualClock()
    const opening = openStream(request(`${server.url}/live`, { clock, stallMilliseconds: 5_000 }))
    await until("a segment is asked for", () => server.requests.length === 2)
    clock.advance(10_000)
    expect(await opening).toEqual({ ok: false, failure: { code: "timeout" } })
    await until("no socket is left", () => server.openSockets() === 0, 500)
  })

  it("leaves no socket and no request behind when it is closed, and says so", async () => {
    const { server, url } = await live(6)
    const stream = await play(url)
    await stream.until(1)
    await stream.upstream.close()
    expect((await stream.end).code).toBe("aborted")
    await until("no socket is left", () => server.openSockets() === 0, 500)
    const { length } = server.requests
    stream.clock.advance(60_000)
    expect(server.requests.length).toBe(length)
  })

  it("is given up while it opens", async () => {
    const server = await serve((path) => (path === "/live" ? playlistText({ first: 1, count: 3 }) : "hang"))
    const abort = new AbortController()
    const opening = openStream(
      request(`${server.url}/live`, { signal: abort.signal, stallMilliseconds: 60_000 }),
    )
    await until("a segment is asked for", () => server.requests.length === 2)
    abort.abort()
    expect(await opening).toEqual({ ok: false, failure: { code: "aborted" } })
    await until("no socket is left", () => server.openSockets() === 0, 500)
  })
})
