import { describe, expect, it } from "vitest"
import { bitRate, byteSize, duration, fromNow } from "./figures.ts"

describe("figures for people", () => {
  it.each([
    [0, "0 bit/s"],
    [999, "999 bit/s"],
    [7_530_000, "7.53 Mbit/s"],
    [99_960, "100 kbit/s"],
    [999_600, "1.00 Mbit/s"],
    [-5, "0 bit/s"],
  ])("%d bit/s is %s", (value, text) => {
    expect(bitRate(value)).toBe(text)
  })

  it("count bytes in powers of 1000", () => {
    expect(byteSize(12_000_000)).toBe("12.0 MB")
  })

  it.each([
    [4_400, "4 s"],
    [180_000, "3 min"],
    [7_500_000, "2 h 5 min"],
    [273_600_000, "3 d 4 h"],
    [86_400_000, "1 d"],
  ])("%d ms are %s", (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text)
  })

  it("tell the past from what is to come", () => {
    expect([fromNow(0, 300_000), fromNow(300_000, 0), fromNow(500, 0)]).toEqual([
      "5 min ago",
      "in 5 min",
      "now",
    ])
  })
})
