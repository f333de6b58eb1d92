import { expect, it } from "vitest"
import { numberFrom } from "./number-from.ts"

it("a number is read from the environment, or refused by its name", () => {
  expect(numberFrom("BENCH_VIEWERS", 1000, {})).toBe(1000)
  expect(numberFrom("BENCH_VIEWERS", 1000, { BENCH_VIEWERS: "" })).toBe(1000)
  expect(numberFrom("BENCH_VIEWERS", 1000, { BENCH_VIEWERS: "50" })).toBe(50)
  for (const written of ["many", "0", "1.5", "-3"])
    expect(() => numberFrom("BENCH_VIEWERS", 1000, { BENCH_VIEWERS: written })).toThrow("BENCH_VIEWERS")
})
