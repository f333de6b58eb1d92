import { log } from "@tributary/shared/log/log"
import { describe, expect, it } from "vitest"
import { garbage, nullPacket } from "../../../infra/e2e/player/test-support/break-packets.ts"
import type { Viewer } from "../fan-out/viewer.ts"
import type { HttpUpstream } from "../upstream/open-http.ts"
import type { UpstreamFailure } from "../upstream/upstream.ts"
import { LiveStream } from "./live-stream.ts"
import { until } from "./pool-fixture.ts"

/** An upstream that is driven by hand; `close` takes until `closed` is called. */
function byHand() {
  const ended = Promise.withResolvers<UpstreamFailure>()
  const closed = Promise.withResolvers<void>()
  let give: (chunk: Buffer) => void = () => undefined
  let closes = 0
  const upstream: HttpUpstream = {
    contentType: "video/mp2t",
    read(onChunk) {
      give = onChunk
      return ended.promise
    },
    close() {
      closes++
      return closed.promise
    },
  }
  return {
    upstream,
    give: (chunk: Buffer) => give(chunk),
    end: (failure: UpstreamFailure) => ended.resolve(failure),
    closed: () => closed.resolve(),
    closes: () => closes,
  }
}

function start(graceMilliseconds = 60_000) {
  const hand = byHand()
  const stream = new LiveStream({
    channel: "channel",
    connection: { lease: "lease", source: "source", profile: "primary", feed: "feed", relay: null },
    upstream: hand.upstream,
    maxBufferBytes: 1024 * 1024,
    graceMilliseconds,
    now: () => 0,
    logger: log("test", "pool"),
  })
  let isClosed = false
  void stream.closed.then(() => {
    isClosed = true
  })
  return { hand, stream, isClosed: () => isClosed }
}

const somebody = { session: "session", viewer: "ann", isRelay: false }

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
    expect([stream.add(one.viewer, somebody), stream.add(two.viewer, somebody)]).toEqual([true, true])
    expect(stream.remove(one.viewer)).toBe(false)
    expect(stream.isIdle).toBe(false)
    const before = performance.now()
    expect(stream.remove(two.viewer)).toBe(true)
    expect(stream.isIdle).toBe(true)
    await until("grace has ended", isClosed)
    expect(performance.now() - before).toBeGreaterThanOrEqual(25)
  })

  it("ends its grace when someone joins", async () => {
    const { hand, stream } = start(30)
    hand.closed()
    expect(stream.add(viewer().viewer, somebody)).toBe(true)
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
    stream.add(one.viewer, somebody)
    const closing = stream.close("stopped")
    expect([stream.isOpen, stream.add(viewer().viewer, somebody)]).toEqual([false, false])
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
    stream.add(one.viewer, somebody)
    void stream.close("stopped")
    hand.give(nullPacket())
    expect(stream.bytesReceived).toBe(0)
    expect(stream.remove(one.viewer)).toBe(false)
    hand.closed()
    expect(await stream.closed).toBe("stopped")
  })

  it("says who watches: each session once, and nobody for whom another streamer speaks", () => {
    const { hand, stream } = start()
    hand.closed()
    const { version } = stream.audience
    const viewers = Array.from({ length: 4 }, () => viewer().viewer)
    const [first, probe, other, relay] = viewers as [Viewer, Viewer, Viewer, Viewer]
    stream.add(first, somebody)
    stream.add(probe, somebody)
    stream.add(other, { session: "other", viewer: null, isRelay: false })
    stream.add(relay, { session: "relay", viewer: null, isRelay: true })
    expect(stream.audience.watchers).toEqual({ sessions: { session: "ann", other: "" }, crowd: null })
    expect(stream.newest?.session).toBe("other")
    for (const gone of [first, probe, other]) stream.remove(gone)
    expect(stream.audience).toEqual({ version: version + 7, watchers: { sessions: {}, crowd: null } })
    expect([stream.isIdle, stream.newest]).toEqual([false, null])
    void stream.close("stopped")
  })

  it("ends with its upstream", async () => {
    const { hand, stream } = start()
    hand.closed()
    hand.end({ code: "stalled" })
    expect(await stream.closed).toBe("upstream-failed")
  })

  it("recognises garbage, after 256 KB of it", async () => {
    const { hand, stream, isClosed } = start()
    hand.closed()
    for (let count = 0; count < 4; count++) hand.give(garbage(64 * 1024))
    expect(stream.isOpen).toBe(true)
    hand.give(garbage(1024))
    expect(await stream.closed).toBe("upstream-failed")
    expect(isClosed()).toBe(true)
  })

  it("bears garbage in a stream that is mostly good", () => {
    const { hand, stream } = start()
    const good = Buffer.concat(Array.from({ length: 700 }, nullPacket))
    for (let count = 0; count < 10; count++) {
      hand.give(good)
      hand.give(garbage(64 * 1024))
    }
    expect(stream.isOpen).toBe(true)
    void stream.close("stopped")
    hand.closed()
  })
})
