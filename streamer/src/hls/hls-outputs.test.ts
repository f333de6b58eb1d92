import { log } from "@tributary/shared/log/log"
import { afterEach, describe, expect, it, vi } from "vitest"
import { join } from "../../../infra/e2e/player/test-support/break-packets.ts"
import { FanOut } from "../fan-out/fan-out.ts"
import type { Subscriber } from "../fan-out/subscriber.ts"
import { WritePace } from "../fan-out/write-pace.ts"
import { h264, tinyFeed } from "../mpegts/splice/tiny-feed-fixture.ts"
import type { PacketSource } from "../pool/live-stream.ts"
import { HlsOutput, type HlsOutputOptions } from "./hls-output.ts"
import { HlsOutputs } from "./hls-outputs.ts"
import { Timeline } from "./timeline.ts"

afterEach(() => vi.useRealTimers())

const logger = log("test", "hls")
const staying = new AbortController().signal

/** A stream of 25 pictures a second, as fast as a test wants it. */
class TestSource implements PacketSource {
  // On a clock that stands still nothing is gathered, however busy the machine is.
  readonly fanOut = new FanOut(16 * 1024 * 1024, { pace: new WritePace(() => 0) })
  readonly #closed = Promise.withResolvers<void>()
  readonly closed = this.#closed.promise
  isOpen = true
  readonly #packets = tinyFeed({ streams: [{ pid: 0x100, type: h264 }], frames: 2_000, group: 50 })
  #played = 0
  #pushed = 0

  subscribe(subscriber: Subscriber): boolean {
    if (this.isOpen) this.fanOut.add(subscriber)
    return this.isOpen
  }

  unsubscribe(subscriber: Subscriber): void {
    this.fanOut.remove(subscriber)
  }

  /** So many groups of two seconds, and the beginning of the next. */
  play(groups: number): void {
    this.#played += groups * (2 + 50 * 3)
    for (; this.#pushed < this.#played + 5; this.#pushed += 5)
      this.fanOut.push(join(this.#packets.slice(this.#pushed, this.#pushed + 5)))
  }

  close(): void {
    this.isOpen = false
    this.fanOut.close()
    this.#closed.resolve()
  }
}

const open = (source: PacketSource, more: Partial<HlsOutputOptions> = {}) =>
  new HlsOutput({ source, maxBytes: 16 * 1024 * 1024, now: () => 1_700_000_000_000, logger, ...more })

describe("a stream's HLS", () => {
  it("has a playlist as soon as there is a segment, for all who wait", async () => {
    const source = new TestSource()
    const output = open(source)
    const waiting = [1, 2, 3].map(() => output.playlist("folder", staying))
    source.play(1)
    const lists = await Promise.all(waiting)
    for (const list of lists) expect(list).toContain("folder/1700000000.ts")
    expect(output.targetSeconds).toBe(2)
    expect(output.segment(1_700_000_000)?.length).toBeGreaterThan(1_000)
    expect(output.segment(1_700_000_001)).toBeNull()
    output.close()
  })

  it("does not let players wait for ever", async () => {
    vi.useFakeTimers()
    const output = open(new TestSource())
    const list = output.playlist("folder", staying)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await list).toBeNull()
    output.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  it("does not wait for a player who has gone", async () => {
    const gone = new AbortController()
    const output = open(new TestSource())
    const list = output.playlist("folder", gone.signal)
    gone.abort()
    expect(await list).toBeNull()
    output.close()
  })

  it("ends with its source, and then waits for nothing", async () => {
    const source = new TestSource()
    const output = open(source)
    const list = output.playlist("folder", staying)
    source.close()
    expect(await list).toBeNull()
    await output.closed
    expect(output.isOpen).toBe(false)
    expect(open(source).isOpen).toBe(false)
  })

  it("counts what its viewers are sent, however often, as sent by its source", async () => {
    const source = new TestSource()
    const output = open(source)
    source.play(1)
    await output.playlist("folder", staying)
    expect(source.fanOut.bytesSent).toBe(0)
    const bytes = output.segment(1_700_000_000)?.length ?? 0
    expect(bytes).toBeGreaterThan(10_000)
    output.segment(1_700_000_000)
    output.segment(1)
    expect(source.fanOut.bytesSent).toBe(2 * bytes)
    output.close()
    expect(source.fanOut.bytesSent).toBe(2 * bytes)
  })

  it("describes itself for a master playlist", async () => {
    const source = new TestSource()
    const output = open(source)
    const described = output.describe("uri", staying)
    source.play(2)
    expect(await described).toMatchObject({ uri: "uri", width: null, framesPerSecond: 25 })
    const bytes = output.segment(1_700_000_000)?.length ?? 0
    expect((await described)?.peakBandwidth).toBe(bytes * 4)
    output.close()
  })

  it("numbers discontinuities, and dates times, as others do that players may change to", async () => {
    const source = new TestSource()
    const timeline = new Timeline(3)
    let nowMs = 1_700_000_000_000
    const lists: string[] = []
    for (let output = 0; output < 3; output++, nowMs += 700) {
      const each = open(source, { timeline, now: () => nowMs })
      source.play(1)
      lists.push((await each.playlist("folder", staying)) ?? "")
      each.close()
    }
    for (const list of lists) expect(list).toContain("#EXT-X-DISCONTINUITY-SEQUENCE:3\n")
    const dates = lists.map((list) => Date.parse(/DATE-TIME:(.*)/.exec(list)?.[1] ?? ""))
    // Groups of two seconds, however late each was asked for.
    const [first = 0] = dates
    expect(dates).toEqual([first, first + 2_000, first + 4_000])
  })

  it("numbers segments on from an earlier output of its address by the time that has passed", async () => {
    const source = new TestSource()
    const timeline = new Timeline(0)
    const first = open(source, { timeline })
    source.play(2)
    const before = first.leftOff
    first.close()
    source.play(5)
    const next = open(source, { timeline, before })
    source.play(1)
    const list = await next.playlist("folder", staying)
    const sequence = Number(/MEDIA-SEQUENCE:(\d+)/.exec(list ?? "")?.[1])
    expect(sequence).toBe((before?.sequence ?? 0) + 5)
    expect(next.segment(sequence)).not.toBeNull()
    next.close()
  })
})

describe("the HLS outputs of a streamer", () => {
  const timeline = { name: "channel", live: {} }
  const outputs = () =>
    new HlsOutputs({ maxBytes: () => 1_000_000, graceMilliseconds: 10_000, now: Date.now, logger })

  it("are one for each that is played, however many watch", () => {
    const source = new TestSource()
    const all = outputs()
    const first = all.take("key", source, timeline)
    expect(all.take("key", source, timeline)).toBe(first)
    expect(all.take("other", source, timeline)).not.toBe(first)
    expect(source.fanOut.subscribers.size).toBe(2)
    all.close()
    expect([all.size, source.fanOut.subscribers.size]).toEqual([0, 0])
  })

  it("are kept for a while when the last viewer has left, and then given up", () => {
    vi.useFakeTimers()
    const source = new TestSource()
    const all = outputs()
    const first = all.take("key", source, timeline)
    all.take("key", source, timeline)
    all.release("key", first)
    vi.advanceTimersByTime(60_000)
    expect(first.isOpen).toBe(true)
    all.release("key", first)
    vi.advanceTimersByTime(9_000)
    expect(all.take("key", source, timeline)).toBe(first)
    vi.advanceTimersByTime(60_000)
    expect(first.isOpen).toBe(true)
    all.release("key", first)
    vi.advanceTimersByTime(10_000)
    expect([first.isOpen, all.size, source.fanOut.subscribers.size]).toEqual([false, 0, 0])
  })

  it("have one number for the times of one live stream, and the next one for those of the live stream after it", async () => {
    const all = outputs()
    const first = { name: "news", live: {} }
    const numberOf = async (key: string, of: typeof first) => {
      const source = new TestSource()
      const output = all.take(key, source, of)
      source.play(1)
      const list = await output.playlist("folder", staying)
      expect(list).toContain(".ts")
      return Number(/DISCONTINUITY-SEQUENCE:(\d+)/.exec(list ?? "")?.[1] ?? 0)
    }
    expect(await Promise.all([numberOf("small", first), numberOf("large", first)])).toEqual([0, 0])
    expect(await numberOf("small", { name: "news", live: {} })).toBe(1)
    all.close()
  })

  it("follow the next source of a key when the last has closed", async () => {
    const source = new TestSource()
    const all = outputs()
    const first = all.take("key", source, timeline)
    source.close()
    const second = all.take("key", new TestSource(), timeline)
    await first.closed
    expect([first.isOpen, second.isOpen, all.size]).toEqual([false, true, 1])
    all.release("key", first)
    expect(all.size).toBe(1)
    all.close()
  })
})
