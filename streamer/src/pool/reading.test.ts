import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { garbage, nullPacket } from "../../../infra/e2e/player/test-support/break-packets.ts"
import { renderLoop, smallRecipe } from "../../../infra/local/demo-provider/loop-for-tests.ts"
import { packetBytes } from "../mpegts/packet.ts"
import type { Upstream, UpstreamFailure, UpstreamSeam } from "../upstream/upstream.ts"
import { Reading } from "./reading.ts"

const { bytes: loop } = await renderLoop(smallRecipe)
const opened: Reading[] = []

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(async () => {
  for (const reading of opened.splice(0)) await reading.close()
  vi.useRealTimers()
})

/** A reading of an upstream that is driven by hand. */
function start(watchesBitrate = true) {
  const ended = Promise.withResolvers<UpstreamFailure>()
  let give: (chunk: Buffer) => void = () => undefined
  let seam: (seam: UpstreamSeam) => void = () => undefined
  let closes = 0
  const upstream: Upstream = {
    read(onChunk, onSeam) {
      give = onChunk
      seam = onSeam ?? seam
      return ended.promise
    },
    close() {
      closes++
      return Promise.resolve()
    },
  }
  const got: (Buffer | UpstreamSeam)[] = []
  const sink = {
    begin: (packets: Buffer) => void got.push(packets),
    push: (packets: Buffer) => void got.push(packets),
    seam: (kind: UpstreamSeam) => void got.push(kind),
  }
  const now = () => performance.now()
  const options = { sink, maxBufferBytes: 1024 * 1024, stallMilliseconds: 5_000, watchesBitrate, now }
  const reading = new Reading(upstream, options)
  opened.push(reading)
  let failure: UpstreamFailure | null = null
  void reading.ended.then((why) => {
    failure = why
  })
  return {
    ...{ reading, got, closes: () => closes },
    give: (chunk: Buffer) => give(chunk),
    seam: (kind: UpstreamSeam) => seam(kind),
    end: (why: UpstreamFailure) => ended.resolve(why),
    /** Why it ended by now. */
    failure: async () => {
      await vi.advanceTimersByTimeAsync(0)
      return failure
    },
  }
}

describe("an upstream that is read", () => {
  it("gives nothing before tables and a keyframe, then everything", async () => {
    const { reading, got, give } = start()
    // It begins in the middle of a packet, behind the first keyframe.
    give(loop.subarray(packetBytes * 40 + 77, packetBytes * 60))
    expect([got.length, reading.begunAt]).toEqual([0, null])
    give(Buffer.from(loop))
    await reading.begun
    const first = got[0] as Buffer
    expect(first.length % packetBytes).toBe(0)
    expect(first.readUInt16BE(1) & 0x1fff).toBe(0)
    give(loop.subarray(0, packetBytes * 3))
    expect(got.slice(1)).toEqual([loop.subarray(0, packetBytes * 3)])
  })

  it("ends with the reason of its upstream", async () => {
    const { failure, end } = start()
    end({ code: "reset" })
    expect(await failure()).toEqual({ code: "reset" })
  })

  it("gives nothing on any more once it is stopped, and closes its upstream once asked to", async () => {
    const { reading, got, give, failure, closes } = start()
    reading.stop({ code: "stalled" })
    give(Buffer.from(loop))
    expect(got).toEqual([])
    expect(await failure()).toEqual({ code: "stalled" })
    await reading.close()
    expect(closes()).toBe(1)
  })

  it("recognises garbage, after 64 KB of it", async () => {
    const { give, failure } = start()
    for (let count = 0; count < 4; count++) give(garbage(16 * 1024))
    expect(await failure()).toBeNull()
    give(garbage(1024))
    expect(await failure()).toEqual({ code: "not_video", what: "unknown" })
  })

  it("takes a trickle of garbage for what it is when no packet came for as long as a stall", async () => {
    const { give, failure } = start()
    give(nullPacket())
    for (let second = 0; second < 5; second++) {
      expect(await failure()).toBeNull()
      give(garbage(100))
      await vi.advanceTimersByTimeAsync(1_000)
    }
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await failure()).toEqual({ code: "not_video", what: "unknown" })
  })

  it("bears garbage in a stream that is mostly good", async () => {
    const { give, failure } = start()
    const good = Buffer.concat(Array.from({ length: 700 }, nullPacket))
    for (let count = 0; count < 10; count++) {
      give(good)
      give(garbage(60 * 1024))
    }
    expect(await failure()).toBeNull()
  })

  it("gives up when packets come for 15 s without a picture", async () => {
    const { give, failure } = start()
    for (let second = 0; second < 15; second++) {
      give(nullPacket())
      await vi.advanceTimersByTimeAsync(1_000)
      expect(await failure()).toBeNull()
    }
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await failure()).toEqual({ code: "not_video", what: "unknown" })
  })

  it("marks seams once it has begun, and begins anew at a discontinuity before it", async () => {
    const { got, give, seam, reading } = start()
    give(loop.subarray(0, packetBytes * 2))
    seam("discontinuity")
    give(Buffer.from(loop))
    await reading.begun
    seam("segment")
    seam("discontinuity")
    expect(got.filter((each) => typeof each === "string")).toEqual(["segment", "discontinuity"])
  })

  it("has collapsed when for 10 s its bitrate is under a tenth of its own average", async () => {
    const run = async (watches: boolean) => {
      const each = start(watches)
      const second = Buffer.concat(Array.from({ length: 500 }, nullPacket))
      each.give(Buffer.from(loop))
      for (let time = 0; time < 30; time++) {
        each.give(time < 20 ? second : nullPacket())
        await vi.advanceTimersByTimeAsync(1_000)
        if (time < 28) expect(await each.failure()).toBeNull()
      }
      await vi.advanceTimersByTimeAsync(2_000)
      return each.failure()
    }
    expect(await run(true)).toEqual({ code: "collapsed" })
    // A relay's origin sees to that.
    expect(await run(false)).toBeNull()
  })
})
