import { describe, expect, it } from "vitest"
import { join } from "../../../infra/e2e/player/test-support/break-packets.ts"
import { readPcrBase, ticksBetween } from "../mpegts/clock.ts"
import { hasPcr, packetBytes, pidOf, startsUnit } from "../mpegts/packet.ts"
import { readDts } from "../mpegts/pes-times.ts"
import { aac, frame90kHz, h264, hevc, type TinyFeed, tinyFeed } from "../mpegts/splice/tiny-feed-fixture.ts"
import { RunSeam } from "./run-seam.ts"
import { RunTimes } from "./run-times.ts"

const [video, sound] = [0x100, 0x101]
const streams = [
  { pid: video, type: h264 },
  { pid: sound, type: aac },
]
// Ten frames before the end of the clock, so that it starts anew in the run that ends.
const start = 2 ** 33 - 10 * frame90kHz

/** Of 25 frames that were given before. */
function seam(changes: Partial<TinyFeed>, maxBytes = 1_000_000) {
  const times = new RunTimes()
  times.push(join(tinyFeed({ streams, dts90kHz: start, frames: 25 })))
  const runs = new RunSeam(times, maxBytes)
  for (const packet of tinyFeed({ streams, dts90kHz: start, frames: 60, ...changes })) {
    const seen = runs.push(Buffer.from(packet))
    if (seen.kind !== "waiting") return seen
  }
  return { kind: "waiting", packets: Buffer.alloc(0) } as const
}

/** Frames after the first of all at which units of a PID begin. */
const framesOf = (packets: Buffer, pid: number) =>
  packetsOf(packets)
    .filter((at) => pidOf(packets, at) === pid && startsUnit(packets, at))
    .map((at) => ticksBetween(start, readDts(packets, at) ?? 0) / frame90kHz)

const packetsOf = (packets: Buffer) =>
  Array.from({ length: packets.length / packetBytes }, (_, n) => n * packetBytes)

describe("a run of ffmpeg", () => {
  it("goes on with the first keyframe that was not sent, behind tables", () => {
    const { kind, packets } = seam({ group: 25 })
    expect([kind, framesOf(packets, video)]).toEqual(["continued", [25]])
    expect(pidOf(packets, 0)).toBe(0)
  })

  it("gives the sound that was not sent also where it came before that keyframe", () => {
    const { packets } = seam({ group: 28 })
    expect(framesOf(packets, video)).toEqual([28])
    expect(framesOf(packets, sound)).toEqual([25, 26, 27])
  })

  it("has a clock without a gap where its pictures have one", () => {
    const { kind, packets } = seam({ dts90kHz: start + 75 * frame90kHz, group: 25 })
    expect([kind, framesOf(packets, video)]).toEqual(["continued", [75]])
    const clock = packetsOf(packets).flatMap((at) => (hasPcr(packets, at) ? [readPcrBase(packets, at)] : []))
    const steps = clock.slice(1).map((pcr, index) => ticksBetween(clock[index] ?? 0, pcr))
    // 51 frames of 40 ms.
    expect(clock.length).toBeGreaterThan(20)
    for (const step of steps) expect(step).toBeLessThanOrEqual(9_000)
    for (const step of steps) expect(step).toBeGreaterThan(0)
  })

  it("gives something else when its streams or its clock are others", () => {
    for (const changes of [
      { streams: [{ pid: video, type: hevc }] },
      { dts90kHz: start - 70 * 90_000 },
      { dts90kHz: start + 70 * 90_000 },
    ])
      expect(seam(changes).kind).toBe("other")
  })

  it("holds no more than it may of what was sent", () => {
    expect(seam({ group: 60 }).kind).toBe("waiting")
    expect(seam({ group: 60 }, 10_000).kind).toBe("other")
  })
})
