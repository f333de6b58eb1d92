import { describe, expect, it } from "vitest"
import { slopePerHour } from "./least-squares.ts"

describe("the slope of samples", () => {
  it("is what they grow by in an hour", () => {
    expect(slopePerHour([10, 20, 40].map((at) => ({ at, value: 5 + at / 3600 })))).toBeCloseTo(1)
    expect(slopePerHour([0, 10, 20].map((at) => ({ at, value: 7 })))).toBe(0)
  })

  it("is not moved by what goes up and down again", () => {
    const samples = Array.from({ length: 400 }, (_, index) => ({
      at: index * 10,
      value: 100 + (index % 2) * 50,
    }))
    expect(Math.abs(slopePerHour(samples))).toBeLessThan(0.5)
  })

  it("is unknown for a single sample", () => {
    expect(slopePerHour([{ at: 1, value: 1 }])).toBeNaN()
  })
})
