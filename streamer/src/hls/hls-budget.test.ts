import { log } from "@tributary/shared/log/log"
import { describe, expect, it } from "vitest"
import { HlsCheck } from "../../../infra/e2e/player/check-hls.ts"
import { join } from "../../../infra/e2e/player/test-support/break-packets.ts"
import { BufferBudget } from "../fan-out/buffer-budget.ts"
import { FanOut } from "../fan-out/fan-out.ts"
import { TestSubscriber } from "../fan-out/test-subscriber.ts"
import { WritePace } from "../fan-out/write-pace.ts"
import { h264, tinyFeed } from "../mpegts/splice/tiny-feed-fixture.ts"
import type { PacketSource } from "../pool/live-stream.ts"
import { HlsOutput } from "./hls-output.ts"

const staying = new AbortController().signal
const firstSequence = 1_700_000_000

/** A stream whose HLS output, of segments of two seconds, is counted in a budget. */
function start() {
  let maxBytes = Number.POSITIVE_INFINITY
  const budget = new BufferBudget(() => maxBytes)
  // It writes what it is given at once.
  const fanOut = new FanOut(2 ** 24, { pace: new WritePace(() => 0) })
  const source: PacketSource = {
    isOpen: true,
    closed: new Promise(() => undefined),
    subscribe: (subscriber) => {
      fanOut.add(subscriber)
      return true
    },
    unsubscribe: (subscriber) => fanOut.remove(subscriber),
  }
  const options = { source, maxBytes: 2 ** 24, now: () => firstSequence * 1_000 }
  const output = new HlsOutput({ ...options, budget, logger: log("test", "hls") })
  const packets = tinyFeed({ streams: [{ pid: 0x100, type: h264 }], frames: 2_000, group: 50 })
  let pushed = 0
  return {
    ...{ budget, fanOut, output },
    limit(bytes: number) {
      maxBytes = bytes
    },
    /** Plays until so many segments are made in all. */
    playUntil(segments: number) {
      const until = segments * (2 + 50 * 3) + 5
      for (; pushed < until; pushed += 5) fanOut.push(join(packets.slice(pushed, pushed + 5)))
    },
    list: async () => (await output.playlist("folder", staying)) ?? "",
    /** Numbers of the segments that can be had, from the first one on. */
    kept: () => Array.from({ length: 40 }, (_, at) => at).filter((at) => output.segment(firstSequence + at)),
  }
}

const listed = (list: string) =>
  [...list.matchAll(/folder\/(\d+)\.ts/g)].map(([, n]) => Number(n) - firstSequence)

describe("HLS segments in memory", () => {
  it("are counted with all other streams' buffers until their output closes", () => {
    const { budget, output, playUntil } = start()
    playUntil(3)
    const segment = output.segment(firstSequence)?.length ?? 0
    expect(segment).toBeGreaterThan(1_000)
    // The fourth is being made.
    expect(budget.bytes / segment).toBeCloseTo(4, 1)
    playUntil(5)
    expect(budget.bytes / segment).toBeCloseTo(6, 1)
    output.close()
    expect(budget.bytes).toBe(0)
  })

  it("go where all is used: first those that are not listed any more", async () => {
    const { budget, output, playUntil, limit, list, kept } = start()
    playUntil(12)
    const before = await list()
    expect(listed(before)).toEqual([6, 7, 8, 9, 10, 11])
    expect(kept()).toHaveLength(12)
    limit(output.bytes)
    budget.report({ giveUpBacklog: () => 1, giveUpOpening: () => 1 }, 1)
    expect(await list()).toBe(before)
    expect(kept()).toEqual([6, 7, 8, 9, 10, 11])
    expect(budget.bytes).toBe(output.bytes + 1)
  })

  it("are listed as short as RFC 8216 allows when that is not enough, and longer again when it is over", async () => {
    const { output, playUntil, limit, list } = start()
    const check = new HlsCheck()
    playUntil(12)
    check.take(await list())
    limit(output.bytes / 3)
    for (let count = 13; count < 16; count++) {
      playUntil(count)
      const text = await list()
      check.take(text)
      expect(listed(text)).toHaveLength(3)
    }
    limit(Number.POSITIVE_INFINITY)
    for (let count = 16; count < 20; count++) {
      playUntil(count)
      check.take(await list())
    }
    expect(listed(await list())).toHaveLength(6)
    expect(check.faults).toEqual([])
  })

  it("go one by one when there is no room at all, and the newest stays", async () => {
    const { playUntil, limit, list, kept } = start()
    limit(1)
    playUntil(12)
    expect(listed(await list())).toEqual([11])
    expect(kept()).toEqual([11])
  })
})

describe("a budget that a stream and its own segments share", () => {
  it("has a slow viewer moved while the stream hands out a frame, and nobody else notices", () => {
    const { fanOut, output, playUntil, limit, budget } = start()
    const [slow, fast] = [new TestSubscriber(), new TestSubscriber()]
    slow.isStuck = true
    playUntil(1)
    // The output was first: what it reports comes before these two have the frame.
    for (const subscriber of [slow, fast]) fanOut.add(subscriber)
    playUntil(3)
    expect(slow.backlogBytes).toBeGreaterThan(0)
    budget.report(fanOut, slow.backlogBytes)
    limit(budget.bytes)
    const taken = fast.bytesSent
    playUntil(4)
    expect([slow.moves, fast.moves]).toEqual([1, 0])
    expect(fast.bytesSent).toBeGreaterThan(taken)
    // Frames that are given up are used again only when nobody has them: those who were fast have them whole.
    for (let at = 0; at < fast.bytes.length; at += 188) expect(fast.bytes[at]).toBe(0x47)
    output.close()
  })
})
