import { expect, it } from "vitest"
import { announcement } from "../mpegts/announcement.ts"
import { bridgeClock } from "./bridge-clock.ts"
import { ClockWatch } from "./clock-watch.ts"

const second = 90_000
/** A packet with this time. */
const at = (seconds: number) =>
  bridgeClock(0x100, seconds * second - 9_000, seconds * second + 5_000).subarray(0, 188)

it("follows a clock through failovers, outages, and its end", () => {
  const watch = new ClockWatch()
  const end = 2 ** 33 / second
  for (const seconds of [end - 30, end - 1, 1, 45, 40, 41]) expect(watch.push(at(seconds))).toBe(false)
})

it("tells when it was set back, or far on", () => {
  const watch = new ClockWatch()
  expect(watch.push(at(1_000))).toBe(false)
  expect(watch.push(at(980))).toBe(true)
  expect(watch.push(at(981))).toBe(false)
  expect(watch.push(at(1_100))).toBe(true)
})

it("sees announcements", () => {
  const watch = new ClockWatch()
  watch.push(announcement(0x100, 0, null))
  expect(watch.hasAnnounced).toBe(true)
  watch.push(at(1))
  expect(watch.hasAnnounced).toBe(false)
})
