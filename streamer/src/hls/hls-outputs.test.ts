import { log } from "@tributary/shared/log/log"
import { afterEach, describe, expect, it, vi } from "vitest"
import { join } from "../../../infra/e2e/player/test-support/break-packets.ts"
import { FanOut } from "../fan-out/fan-out.ts"
import type { Subscriber } from "../fan-out/subscriber.ts"
import { h264, tinyFeed } from "../mpegts/splice/tiny-feed-fixture.ts"
import type { PacketSource } from "../pool/live-stream.ts"
import { HlsOutput } from "./hls-output.ts"
import { HlsOutputs } from "./hls-outputs.ts"

afterEach(() => vi.useRealTimers())

const logger = log("test", "hls")
const staying = new AbortController().signal

/** A stream of 25 pictures a second, as fast as a test wants it. */
class TestSource implements PacketSource {
  readonly fanOut = new FanOut(16 * 1024 * 1024)
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

const open = (source: PacketSource, key = "channel") =>
  new HlsOutput({ source, key, maxBytes: 16 * 1024 * 1024, now: () => 1_700_000_000_000, logger })

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

  it("numbers discontinuities apart from those of what else is made of the stream", async () => {
    const source = new TestSource()
    const numbers = await Promise.all(
      ["channel", "channel 480p", "channel 720p"].map(async (key) => {
        const output = open(source, key)
        source.play(1)
        const list = await output.playlist("folder", staying)
        output.close()
        return Number(/DISCONTINUITY-SEQUENCE:(\d+)/.exec(list ?? "")?.[1])
      }),
    )
    const sorted = numbers.toSorted((one, other) => one - other)
    for (const [index, number] of sorted.entries()) {
      expect(number).toBeLessThan(100_000)
      if (index > 0) expect(number - (sorted[index - 1] ?? 0)).toBeGreaterThanOrEqual(100)
    }
  })
})

describe("the HLS outputs of a streamer", () => {
  const outputs = () =>
    new HlsOutputs({ maxBytes: () => 1_000_000, graceMilliseconds: 10_000, now: Date.now, logger })

  it("are one for each that is played, however many watch", () => {
    const source = new TestSource()
    const all = outputs()
    const first = all.take("key", source)
    expect(all.take("key", source)).toBe(first)
    expect(all.take("other", source)).not.toBe(first)
    expect(source.fanOut.subscribers.size).toBe(2)
    all.close()
    expect([all.size, source.fanOut.subscribers.size]).toEqual([0, 0])
  })

  it("are kept for a while when the last viewer has left, and then given up", () => {
    vi.useFakeTimers()
    const source = new TestSource()
    const all = outputs()
    const first = all.take("key", source)
    all.take("key", source)
    all.release("key", first)
    vi.advanceTimersByTime(60_000)
    expect(first.isOpen).toBe(true)
    all.release("key", first)
    vi.advanceTimersByTime(9_000)
    expect(all.take("key", source)).toBe(first)
    vi.advanceTimersByTime(60_000)
    expect(first.isOpen).toBe(true)
    all.release("key", first)
    vi.advanceTimersByTime(10_000)
    expect([first.isOpen, all.size, source.fanOut.subscribers.size]).toEqual([false, 0, 0])
  })

  it("count discontinuities on from one output of a key to the next, in numbers that players can count up to", () => {
    const all = outputs()
    const [first, second] = [new TestSource(), new TestSource()]
    const before = all.take("news", first)
    const from = before.nextDiscontinuity
    expect(from).toBeLessThan(100_000)
    first.close()
    before.close()
    expect(all.take("news", second).nextDiscontinuity).toBe(from + 1)
    all.close()
  })

  it("follow the next source of a key when the last has closed", async () => {
    const source = new TestSource()
    const all = outputs()
    const first = all.take("key", source)
    source.close()
    const second = all.take("key", new TestSource())
    await first.closed
    expect([first.isOpen, second.isOpen, all.size]).toEqual([false, true, 1])
    all.release("key", first)
    expect(all.size).toBe(1)
    all.close()
  })
})
