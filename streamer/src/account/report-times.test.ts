import { expect, it } from "vitest"
import { untoldReport } from "./read-login.ts"
import { secondsAfterReport, secondsAfterSilence } from "./report-times.ts"

it("asks after a good report in about a quarter of an hour, spread by a tenth", () => {
  for (const status of ["active", "unknown"] as const) {
    const seconds = [0, 0.5, 1].map((random) => secondsAfterReport({ ...untoldReport, status }, () => random))
    expect(seconds.map(Math.round)).toEqual([810, 900, 990])
  }
})

it("asks sooner whether an account can be used again", () => {
  for (const status of ["expired", "banned", "disabled", "wrong_password"] as const)
    expect(secondsAfterReport({ ...untoldReport, status }, () => 0.9)).toBe(300)
})

it("asks a silent server ever more rarely", () => {
  expect([1, 2, 3, 4, 5, 6, 2000].map(secondsAfterSilence)).toEqual([60, 120, 240, 480, 900, 900, 900])
})
