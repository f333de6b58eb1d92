import { describe, expect, it } from "vitest"
import { OutputClock } from "./output-clock.ts"

const second = 90_000
const frame = 3600
const pid = 0x100
const video = (dts90kHz: number, pts90kHz = dts90kHz) =>
  ({ kind: "video", dts90kHz, pts90kHz, bytes: 0 }) as const

function clockAfter(...times: readonly number[]): OutputClock {
  const clock = new OutputClock()
  clock.noteLead(pid)
  for (const time of times) clock.noteUnit(pid, video(time), 0)
  return clock
}
const next = (clock: OutputClock) =>
  clock.shiftFor("media", { pcr90kHz: null, lead: { pid, dts90kHz: 0, pts90kHz: 0 }, others: [] }, 0)

describe("the next feed", () => {
  it("begins a frame after the highest time of the last one, not the newest", () => {
    expect(next(clockAfter(second, second + frame, second))).toBe(second + 2 * frame)
  })

  it("begins after the newest time when the last feed's own clock has jumped", () => {
    expect(next(clockAfter(100 * second, second))).toBe(second + frame)
    expect(next(clockAfter(second, 100 * second))).toBe(100 * second + frame)
  })

  it("is presented after what was sent, also where that was presented later than decoded", () => {
    const clock = clockAfter(second)
    clock.noteUnit(pid, video(second + frame, second + 5 * frame), 0)
    clock.noteUnit(pid, video(second + 2 * frame), 0)
    expect(next(clock)).toBe(second + 6 * frame)
    clock.noteUnit(pid, video(second + 9 * frame, second * 1000), 0)
    expect(next(clock), "a broken time").toBe(second + 10 * frame)
  })

  it("is not shifted when nothing is known of the last one", () => {
    expect(next(new OutputClock())).toBe(0)
  })
})

describe("sound", () => {
  const sound = (dts90kHz: number, bytes: number) =>
    ({ kind: "audio", dts90kHz, pts90kHz: dts90kHz, bytes }) as const
  const lasting = (bytes: number) => {
    const clock = new OutputClock()
    clock.noteUnit(pid, sound(0, 1000), 0)
    clock.noteUnit(pid, sound(second / 10, bytes), 0)
    return (from: number) => clock.canFollow(pid, from)
  }

  it("follows where the last unit of its PID ends, by the share of bytes it had", () => {
    for (const [bytes, end] of [
      [1000, second / 5],
      [500, (second * 3) / 20],
    ] as const) {
      expect(lasting(bytes)(end)).toBe(true)
      expect(lasting(bytes)(end - second / 50)).toBe(false)
    }
  })

  it("follows as it is when it is on a clock of its own", () => {
    expect(lasting(1000)(-20 * second)).toBe(true)
    expect(lasting(1000)(-second)).toBe(false)
  })
})
