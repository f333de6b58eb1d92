import { expect, it } from "vitest"
import { guideDays, programmes } from "./guide.ts"
import { smallChannels } from "./loop-for-tests.ts"
import { xmltv } from "./xmltv.ts"

const now = Date.UTC(2026, 1, 3, 14, 40)

it("covers yesterday to the day after tomorrow without a gap", () => {
  const guide = guideDays(1, now)
  expect(new Date(guide[0]?.startMs ?? 0).toISOString()).toBe("2026-02-02T00:00:00.000Z")
  expect(new Date(guide.at(-1)?.stopMs ?? 0).toISOString()).toBe("2026-02-06T00:00:00.000Z")
  guide.slice(1).forEach((programme, n) => {
    expect(programme.startMs).toBe(guide[n]?.stopMs)
  })
})

it("says the same of a programme whenever it is asked", () => {
  const later = programmes(1, now + 3_600_000, now + 7_200_000)
  const today = guideDays(1, now)
  for (const programme of later) expect(today).toContainEqual(programme)
  expect(guideDays(2, now)[5]?.title).not.toBe(today[5]?.title)
})

it("writes XMLTV with times that have an offset, and escapes names", () => {
  const text = xmltv(smallChannels, "http://host", now)
  expect(text).toContain("<display-name>One &amp; Only</display-name>")
  expect(text).toContain(
    '<programme start="20260203143000 +0000" stop="20260203150000 +0000" channel="one.test">',
  )
  expect(text.match(/<programme /g)?.length).toBe(3 * 4 * 48)
})
