import { log } from "@tributary/shared/log/log"
import { describe, expect, it } from "vitest"
import { nullPacket } from "../../../infra/e2e/player/test-support/break-packets.ts"
import { BufferBudget } from "../fan-out/buffer-budget.ts"
import type { Viewer } from "../fan-out/viewer.ts"
import { WritePace } from "../fan-out/write-pace.ts"
import { noMetrics } from "../metrics/stream-metrics.ts"
import type { UpstreamFailure } from "../upstream/upstream.ts"
import { LiveStream, type StreamSupply, type Watcher } from "./live-stream.ts"
import { until } from "./pool-fixture.ts"
import type { SupplyEnd, SupplySide } from "./supply.ts"

/** A supply that is driven by hand; `close` takes until `closed` is called. */
function byHand() {
  const ended = Promise.withResolvers<SupplyEnd>()
  const closed = Promise.withResolvers<void>()
  let side: SupplySide | null = null
  let closes = 0
  const supply: StreamSupply = {
    connection: { lease: "lease", source: "source", profile: "primary", feed: "feed", relay: null },
    ...{
      isFailing: false,
      bytesReceived: 0,
      bitsPerSecond: 0,
      failovers: 0,
      lastFailure: null,
      isFailover: false,
    },
    run(given) {
      side = given
      return ended.promise
    },
    failOver: () => true,
    loseLease: () => Promise.resolve(),
    close() {
      closes++
      return closed.promise
    },
  }
  return {
    supply,
    give: (packets: Buffer) => side?.push(packets),
    isWatched: () => side?.isWatched(),
    end: (failure: UpstreamFailure) => ended.resolve({ reason: "upstream-failed", failure }),
    closed: () => closed.resolve(),
    closes: () => closes,
  }
}

function start(graceMilliseconds = 60_000) {
  const hand = byHand()
  const stream = new LiveStream({
    ...{ channel: "channel", key: "channel", supply: hand.supply, graceMilliseconds },
    openSlate: () => Promise.resolve(null),
    share: { budget: new BufferBudget(() => 1024 * 1024), pace: new WritePace(() => performance.now()) },
    metrics: noMetrics,
    maxBufferBytes: 1024 * 1024,
    now: () => 0,
    monotonic: () => 0,
    logger: log("test", "pool"),
  })
  let isClosed = false
  void stream.closed.then(() => {
    isClosed = true
  })
  return { hand, stream, isClosed: () => isClosed }
}

const somebody = { session: "session", viewer: "ann", isRelay: false, requestedAt: 0 }

/** All that a stream asks of a viewer while no keyframe has come. */
function viewer() {
  let closes = 0
  const fake = {
    state: "waiting",
    start: () => undefined,
    write: () => undefined,
    close: () => void closes++,
  }
  return { viewer: fake as unknown as Viewer, closes: () => closes }
}

/** As a player of the stream as it comes does. */
const comes = (stream: LiveStream, viewer: Viewer, watcher: Watcher) =>
  stream.attend(viewer, watcher) && stream.subscribe(viewer)

function leaves(stream: LiveStream, viewer: Viewer): boolean {
  stream.unsubscribe(viewer)
  return stream.leave(viewer)
}

describe("a live stream", () => {
  it("waits for its first viewer no longer than for its last one's return", async () => {
    const { hand, stream } = start(20)
    hand.closed()
    expect(await stream.closed).toBe("idle")
    expect(hand.closes()).toBe(1)
  })

  it("has no grace while anyone watches, and begins it with the last one's leaving", async () => {
    const { hand, stream, isClosed } = start(30)
    hand.closed()
    const [one, two] = [viewer(), viewer()]
    expect([comes(stream, one.viewer, somebody), comes(stream, two.viewer, somebody)]).toEqual([true, true])
    expect(leaves(stream, one.viewer)).toBe(false)
    expect(stream.isIdle).toBe(false)
    const before = performance.now()
    expect(leaves(stream, two.viewer)).toBe(true)
    expect(stream.isIdle).toBe(true)
    await until("grace has ended", isClosed)
    expect(performance.now() - before).toBeGreaterThanOrEqual(25)
  })

  it("ends its grace when someone joins", async () => {
    const { hand, stream } = start(30)
    hand.closed()
    expect(comes(stream, viewer().viewer, somebody)).toBe(true)
    const other = start(60)
    other.hand.closed()
    // The other one's grace, which began at the same time and is longer, is over.
    await other.stream.closed
    expect(stream.isOpen).toBe(true)
    void stream.close("stopped")
  })

  it("is closed only when its connection is gone; then its viewers are told", async () => {
    const { hand, stream, isClosed } = start()
    const one = viewer()
    comes(stream, one.viewer, somebody)
    const closing = stream.close("stopped")
    expect([stream.isOpen, comes(stream, viewer().viewer, somebody)]).toEqual([false, false])
    await Promise.resolve()
    expect([isClosed(), one.closes()]).toEqual([false, 0])
    hand.closed()
    expect(await closing).toBe("stopped")
    expect(one.closes()).toBe(1)
  })

  it("closes once, for the first reason, whoever asks again", async () => {
    const { hand, stream } = start()
    const closings = [stream.close("yielded"), stream.close("lease-lost")]
    hand.end({ code: "reset" })
    hand.closed()
    expect(await Promise.all(closings)).toEqual(["yielded", "yielded"])
    expect(hand.closes()).toBe(1)
  })

  it("takes no notice of bytes, ends and leavings that come after its close", async () => {
    const { hand, stream } = start()
    const one = viewer()
    comes(stream, one.viewer, somebody)
    void stream.close("stopped")
    hand.give(nullPacket())
    hand.end({ code: "reset" })
    expect(leaves(stream, one.viewer)).toBe(false)
    hand.closed()
    expect(await stream.closed).toBe("stopped")
  })

  it("says who watches: each session once, and nobody for whom another streamer speaks", () => {
    const { hand, stream } = start()
    hand.closed()
    const { version } = stream.audience
    const viewers = Array.from({ length: 4 }, () => viewer().viewer)
    const [first, probe, other, relay] = viewers as [Viewer, Viewer, Viewer, Viewer]
    comes(stream, first, somebody)
    comes(stream, probe, somebody)
    comes(stream, other, { ...somebody, session: "other", viewer: null })
    comes(stream, relay, { ...somebody, session: "relay", viewer: null, isRelay: true })
    expect(stream.audience.watchers).toEqual({ sessions: { session: "ann", other: "" }, crowd: null })
    expect(stream.newest?.session).toBe("other")
    for (const gone of [first, probe, other]) leaves(stream, gone)
    expect(stream.audience).toEqual({ version: version + 7, watchers: { sessions: {}, crowd: null } })
    expect([stream.isIdle, stream.newest]).toEqual([false, null])
    void stream.close("stopped")
  })

  it("ends with its supply", async () => {
    const { hand, stream } = start()
    hand.closed()
    hand.end({ code: "stalled" })
    expect(await stream.closed).toBe("upstream-failed")
  })

  it("is worth going on after a failure while somebody watches, or has not come yet", () => {
    const { hand, stream } = start()
    const one = viewer()
    expect(hand.isWatched()).toBe(true)
    comes(stream, one.viewer, somebody)
    expect(hand.isWatched()).toBe(true)
    leaves(stream, one.viewer)
    expect(hand.isWatched()).toBe(false)
    void stream.close("stopped")
    hand.closed()
    expect(hand.isWatched()).toBe(false)
  })
})
