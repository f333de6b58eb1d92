import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { readXmltvTime, xmltvTime } from "./xmltv-time.ts"

fc.configureGlobal({ seed: 20_261_121 })

const read = (text: string) => readXmltvTime(Buffer.from(text), 0, text.length)
const utc = (...parts: [number, number, ...number[]]) => Date.UTC(...parts) / 1000

describe("XMLTV times", () => {
  it("are read with seconds, without them, and by the day", () => {
    expect(read("20260310123456 +0000")).toBe(utc(2026, 2, 10, 12, 34, 56))
    expect(read("202603101234 +0000")).toBe(utc(2026, 2, 10, 12, 34))
    expect(read("2026031012")).toBe(utc(2026, 2, 10, 12))
    expect(read("20260310")).toBe(utc(2026, 2, 10))
  })

  it("are UTC without an offset, and with a zone's name", () => {
    for (const zone of ["", " ", " Z", "Z", " UTC", " BST", " +", " -"])
      expect(read(`20260310123456${zone}`), zone).toBe(utc(2026, 2, 10, 12, 34, 56))
  })

  it("take offsets in every form", () => {
    for (const offset of [" +0130", "+0130", " +01:30", "+01:30"])
      expect(read(`20260310123456${offset}`), offset).toBe(utc(2026, 2, 10, 11, 4, 56))
    expect(read("20260310123456 -05:00")).toBe(utc(2026, 2, 10, 17, 34, 56))
    expect(read("20260310123456 +02")).toBe(utc(2026, 2, 10, 10, 34, 56))
  })

  it("are none when they are something else", () => {
    for (const text of ["", "soon", "2026", "2026031", "202603101", "20261310", "20260332", "20260010"])
      expect(read(text), text).toBeNaN()
    for (const text of ["2026031025", "202603101260", "20260310123461", "123456789012345"])
      expect(read(text), text).toBeNaN()
  })

  it("agree with Date, at any time and offset", () => {
    const date = fc.date({ min: new Date("1971-01-01"), max: new Date("2099-12-31"), noInvalidDate: true })
    fc.assert(
      fc.property(date, fc.integer({ min: -14 * 60, max: 14 * 60 }), (moment, offset) => {
        const instant = Math.floor(moment.getTime() / 1000)
        const local = new Date((instant + offset * 60) * 1000)
          .toISOString()
          .replaceAll(/[-T:]/g, "")
          .slice(0, 14)
        const two = (number: number) => String(Math.abs(number)).padStart(2, "0")
        const sign = offset < 0 ? "-" : "+"
        expect(read(`${local} ${sign}${two(Math.trunc(offset / 60))}${two(offset % 60)}`)).toBe(instant)
        const written = new Date(instant * 1000).toISOString().replaceAll(/[-T:]/g, "").slice(0, 14)
        expect(xmltvTime(instant)).toBe(`${written} +0000`)
      }),
      { numRuns: 2000 },
    )
  })
})
