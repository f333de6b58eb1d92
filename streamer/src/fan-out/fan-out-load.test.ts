import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { packetBytes } from "../mpegts/packet.ts"
import { BufferBudget } from "./buffer-budget.ts"
import { FanOut } from "./fan-out.ts"
import { NumberedStream, readRuns } from "./test-stream.ts"
import { TestSubscriber } from "./test-subscriber.ts"
import { WritePace } from "./write-pace.ts"

// A second of 8 Mbit/s.
const second = 5_320
let now: number
let pace: WritePace

beforeEach(() => {
  now = 0
  pace = new WritePace(() => now)
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
})
afterEach(() => void vi.useRealTimers())

/** A fan-out in the midst of a stream, with one subscriber that has all of it. */
function start(options: { maxBytes?: number; keyframeEvery?: number; budget?: BufferBudget } = {}) {
  const { maxBytes = 16 * 1024 * 1024, keyframeEvery = second, ...share } = options
  const fanOut = new FanOut(maxBytes, { pace, ...share })
  const stream = new NumberedStream(keyframeEvery)
  const push = (packets: number) => fanOut.push(stream.take(packets))
  const add = () => {
    const subscriber = new TestSubscriber()
    fanOut.add(subscriber)
    return subscriber
  }
  const first = add()
  push(10)
  return { fanOut, stream, push, add, first }
}

describe("writing", () => {
  it("is done at once for each chunk while there is little to write", () => {
    const { push, first } = start()
    for (let count = 0; count < 100; count++) push(1)
    expect(first.frames).toHaveLength(101)
  })

  it("joins chunks under load, of 64 KB and for 50 ms at most", async () => {
    const { push, first } = start()
    const loaded = () => pace.measure(() => (now += 1_000))
    loaded()
    for (let count = 0; count < 100; count++) push(1)
    expect(first.frames).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(49)
    expect(first.frames).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(first.frames.map(({ bytes }) => bytes)).toEqual([12 * packetBytes, 100 * packetBytes])
    loaded()
    for (let count = 0; count < 349; count++) push(1)
    expect(first.frames.at(-1)?.bytes).toBe(349 * packetBytes)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(first.frames).toHaveLength(3)
  })

  it("gives a joiner under load the opening, then what was gathered, once", async () => {
    const { push, add, first } = start()
    pace.measure(() => (now += 1_000))
    push(5)
    const joiner = add()
    push(5)
    await vi.advanceTimersByTimeAsync(50)
    for (const { bytes } of [first, joiner]) expect(readRuns(bytes)).toMatchObject([{ first: 0, last: 19 }])
  })

  it("sends what was gathered before the stream is over", () => {
    const { fanOut, push, first } = start()
    pace.measure(() => (now += 1_000))
    push(5)
    fanOut.close()
    push(5)
    expect(readRuns(first.bytes)).toMatchObject([{ first: 0, last: 14 }])
    expect([first.state, fanOut.subscribers.size, vi.getTimerCount()]).toEqual(["ended", 0, 0])
  })

  it("cuts what comes in one piece, so that a slow viewer need not take all of it", () => {
    const { push, first } = start()
    push(4_000)
    expect(Math.max(...first.frames.map(({ bytes }) => bytes))).toBeLessThan(192 * 1024)
    expect(readRuns(first.bytes)).toMatchObject([{ first: 0, last: 4_009 }])
  })
})

describe("an opening", () => {
  it("is made of the frames that the others had", () => {
    const { push, add, first } = start()
    for (let count = 0; count < 20; count++) push(50)
    const [joiner, other] = [add(), add()]
    push(50)
    expect(joiner.frames.slice(1)).toEqual(first.frames.slice(1))
    for (const [index, frame] of joiner.frames.entries()) {
      if (index > 0) expect(frame).toBe(first.frames[index])
      expect(frame).toBe(other.frames[index])
    }
    expect(readRuns(joiner.bytes)).toEqual([
      { first: 0, last: 1_059, startsAtKeyframe: true, hasTablesFirst: true },
    ])
  })

  it("begins at the newest keyframe, in the midst of a frame as well", () => {
    const { push, add } = start({ keyframeEvery: 70 })
    for (let count = 0; count < 20; count++) push(50)
    expect(readRuns(add().bytes)).toEqual([
      { first: 980, last: 1_009, startsAtKeyframe: true, hasTablesFirst: true },
    ])
  })

  it("is not given while a group of pictures is larger than what may be held", () => {
    const { push, add } = start({ maxBytes: 1024 * 1024, keyframeEvery: 7_000 })
    push(6_000)
    const waiting = add()
    expect(waiting.state).toBe("waiting")
    push(1_500)
    expect(readRuns(waiting.bytes)).toMatchObject([{ first: 7_000, startsAtKeyframe: true }])
  })
})

describe("a slow subscriber", () => {
  it("is moved past the bound to the newest keyframe, with the jump announced", () => {
    const { fanOut, stream, push, add, first } = start({ maxBytes: 2 * 1024 * 1024 })
    const slow = add()
    slow.isStuck = true
    while (slow.moves === 0) push(100)
    expect(slow.bytesSent).toBeLessThan(20 * packetBytes)
    const bytes = first.bytesSent
    expect(bytes).toBeGreaterThan(2 * 1024 * 1024)
    expect(bytes).toBeLessThan(2.1 * 1024 * 1024)
    slow.isStuck = false
    push(100)
    const newest = stream.next - 1
    expect(readRuns(slow.bytes)).toEqual([
      { first: 0, last: 9, startsAtKeyframe: true, hasTablesFirst: true },
      { first: newest - (newest % second), last: newest, startsAtKeyframe: true, hasTablesFirst: true },
    ])
    expect([fanOut.moves, first.moves]).toEqual([1, 0])
  })

  it("shares the frame with the jump with all who are moved before the next chunk", () => {
    const { push, add } = start({ maxBytes: 1024 * 1024, keyframeEvery: 500 })
    const slow = [add(), add()]
    for (const each of slow) each.isStuck = true
    while (slow.some(({ moves }) => moves === 0)) push(50)
    for (const each of slow) each.isStuck = false
    push(50)
    const [one, other] = slow.map(({ frames }) => frames.slice(1))
    expect(one?.length).toBeGreaterThan(0)
    for (const [index, frame] of (one ?? []).entries()) expect(frame).toBe(other?.[index])
  })

  it("costs joiners their opening when all streams together hold too much even so", () => {
    const budget = new BufferBudget(() => 1024 * 1024)
    const { push, add } = start({ budget, keyframeEvery: 7_000 })
    push(5_000)
    expect(add().state).toBe("playing")
    push(1_000)
    expect(budget.bytes).toBeLessThan(1024 * 1024)
    const waiting = add()
    expect(waiting.state).toBe("waiting")
    push(1_100)
    expect(readRuns(waiting.bytes)).toMatchObject([{ first: 7_000, startsAtKeyframe: true }])
  })

  it("is moved early, the slowest first, when all streams together hold too much", () => {
    const budget = new BufferBudget(() => 4 * 1024 * 1024)
    const [one, other] = [start({ budget, keyframeEvery: 500 }), start({ budget, keyframeEvery: 500 })]
    const [slow, slower] = [one.add(), other.add()]
    slow.isStuck = slower.isStuck = true
    while (slower.moves === 0) {
      one.push(100)
      other.push(200)
      expect(budget.bytes).toBeLessThan(4 * 1024 * 1024)
    }
    expect(slow.moves).toBe(0)
    expect(slow.backlogBytes).toBeGreaterThan(1024 * 1024)
    for (const { fanOut } of [one, other]) fanOut.close()
    expect(budget.bytes).toBe(0)
  })
})

describe("filling", () => {
  const filling = Buffer.from([0x47, 0x1f, 0xff, 0x10, ...Array<number>(184).fill(0xff)])

  it("reaches those who play and are up to date, and is no part of what joiners get", () => {
    const { fanOut, push, add, first } = start()
    const slow = add()
    slow.isStuck = true
    push(1)
    const { backlogBytes } = slow
    fanOut.fill(filling)
    expect(first.frames.at(-1)?.plain.equals(filling)).toBe(true)
    expect(slow.backlogBytes).toBe(backlogBytes)
    expect(add().bytes.includes(filling)).toBe(false)
  })

  it("lets those who were moved go on although the stream stands still", () => {
    const { fanOut, push, add } = start({ maxBytes: 1024 * 1024, keyframeEvery: 500 })
    const slow = add()
    slow.isStuck = true
    while (slow.moves === 0) push(50)
    slow.isStuck = false
    fanOut.fill(filling)
    expect(slow.state).toBe("playing")
    expect(readRuns(slow.bytes)).toHaveLength(2)
  })
})

describe("the numbers of a fan-out", () => {
  it("are sums over all there ever were", () => {
    const { fanOut, push, add, first } = start()
    const other = add()
    push(100)
    const both = first.bytesSent + other.bytesSent
    expect(fanOut.bytesSent).toBe(both)
    other.moves = 3
    fanOut.remove(other)
    fanOut.remove(other)
    expect([fanOut.bytesSent, fanOut.moves, fanOut.subscribers.size]).toEqual([both, 3, 1])
  })
})
