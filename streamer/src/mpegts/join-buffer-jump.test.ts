import { describe, expect, it } from "vitest"
import { createStreamChecker } from "../../../infra/e2e/player/check-stream.ts"
import { join, type Packets, packetsOf } from "../../../infra/e2e/player/test-support/break-packets.ts"
import { pesPacket } from "../../../infra/e2e/player/test-support/build-tables.ts"
import { seededRandom } from "../../../infra/e2e/player/test-support/seeded-random.ts"
import { announcement } from "./announcement.ts"
import { JoinBuffer } from "./join-buffer.ts"
import { bytesOf, handMade, judge, key, kinds, plenty, streams } from "./join-buffer-fixture.ts"

describe.each(kinds)("a jump to the newest keyframe (%s)", (kind) => {
  /** What a viewer sees who got everything up to `from`, nothing up to `to`, and then the opening. */
  function jumped(packets: Packets, [from, to]: readonly [number, number], chunk: number) {
    const buffer = new JoinBuffer(plenty)
    for (let at = 0; at < to; at += chunk) buffer.push(join(packets.slice(at, Math.min(at + chunk, to))))
    const opening = buffer.opening()
    const jump = buffer.jump()
    if (opening === null || jump === null) return null
    const checker = createStreamChecker({ now: () => 0 })
    for (const part of [join(packets.slice(0, from)), jump, bytesOf(opening), join(packets.slice(to))])
      checker.feed(part, 0)
    checker.end(0)
    return { report: checker.report(), jump }
  }

  it("is announced on every PID, wherever the viewer was and is moved", () => {
    const packets = streams[kind]
    for (let seed = 1; seed <= 60; seed++) {
      const random = seededRandom(seed)
      const from = random.between(10, packets.length - 20)
      const to = random.between(from, packets.length - 1)
      const found = jumped(packets, [from, to], random.pick([1, 3, 50, 400]))
      expect(found, `seed ${seed}`).not.toBeNull()
      const { ccErrors, pcrJumps, dtsBackwards, unannouncedPtsJumps, tableCrcErrors, splicesOffKeyframe } =
        found?.report ?? judge(Buffer.alloc(0), [])
      expect(
        { ccErrors, pcrJumps, dtsBackwards, unannouncedPtsJumps, tableCrcErrors, splicesOffKeyframe },
        `seed ${seed}, ${from} to ${to}`,
      ).toEqual({
        ccErrors: 0,
        pcrJumps: 0,
        dtsBackwards: 0,
        unannouncedPtsJumps: 0,
        tableCrcErrors: 0,
        splicesOffKeyframe: 0,
      })
    }
  })

  it("is needed: without it the checker complains", () => {
    const packets = streams[kind]
    const buffer = new JoinBuffer(plenty)
    buffer.push(join(packets))
    const opening = buffer.opening() ?? { tables: Buffer.alloc(0), chunks: [] }
    const { ccErrors } = judge(join(packets.slice(0, 101)), [bytesOf(opening)])
    expect(ccErrors).toBeGreaterThan(0)
  })
})

describe("a jump", () => {
  it("is none while there is no opening", () => {
    const buffer = new JoinBuffer(plenty)
    buffer.push(join(streams.h264.slice(0, 3)))
    expect(buffer.jump()).toBeNull()
  })

  it("reckons with PIDs and a clock that the opening does not have", () => {
    const { tables, start, more } = handMade()
    const other = (counter: number) => pesPacket(0x101, counter, { dts90kHz: 0, data: [1] })
    const clock = (base90kHz: number) => announcement(0x102, 4, { base90kHz, extension: 0 })
    const still = Buffer.from(announcement(0x103, 7, { base90kHz: 5, extension: 0 }))
    still[5] = 0x10
    const buffer = new JoinBuffer(plenty)
    buffer.push(join([...tables, other(6), clock(90_000), start(key), still]))
    const jump = packetsOf(buffer.jump() ?? Buffer.alloc(0))
    const rest = [...(buffer.opening()?.chunks ?? []), other(7), ...more(3)]
    expect(jump.some((packet) => packet.equals(clock(90_000)))).toBe(true)
    expect(judge(join([other(1), ...jump]), rest).ccErrors).toBe(0)
  })
})
