import { expect, it } from "vitest"
import { afterFailure, noFailures, type RunRecord } from "./restart-policy.ts"

const fruitless: RunRecord = { ranMilliseconds: 100, outputMilliseconds: null, wasKilled: false }

function delaysOf(runs: readonly RunRecord[]): (number | null)[] {
  let history = noFailures
  return runs.map((run) => {
    const next = afterFailure(history, run)
    history = next.history
    return next.delayMilliseconds
  })
}

it("gives up with the third run in a row that gave nothing", () => {
  expect(delaysOf([fruitless, fruitless, fruitless])).toEqual([200, 400, null])
})

it("takes a little output for nothing, and some seconds of it for a recipe that works", () => {
  const little = { ...fruitless, outputMilliseconds: 2_900 }
  const some = { ...fruitless, outputMilliseconds: 3_000 }
  expect(delaysOf([little, little, little]).at(-1)).toBeNull()
  expect(delaysOf([little, little, some, little, little])).toEqual([200, 400, 800, 1_600, 3_200])
})

it("waits longer each time, five seconds at most, and begins anew after half a minute of running", () => {
  const crash = { ranMilliseconds: 29_000, outputMilliseconds: 28_000, wasKilled: false }
  const runs = [...Array.from({ length: 7 }, () => crash), { ...crash, ranMilliseconds: 30_000 }]
  expect(delaysOf(runs)).toEqual([200, 400, 800, 1_600, 3_200, 5_000, 5_000, 200])
})

it("holds it against no recipe that somebody else ended its ffmpeg", () => {
  const killed = { ...fruitless, wasKilled: true }
  expect(delaysOf([killed, killed, killed, killed])).toEqual([200, 400, 800, 1_600])
})
