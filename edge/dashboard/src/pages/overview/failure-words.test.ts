import { expect, it } from "vitest"
import { failureWords } from "./failure-words.ts"

it.each([
  [
    { failures: 1, lastFailureAt: 40_000, blockedUntil: null },
    "failed once, last 1 min ago · may be tried now",
  ],
  [
    { failures: 3, lastFailureAt: 90_000, blockedUntil: 400_000 },
    "failed 3 times, last 10 s ago · blocked for 5 min more",
  ],
  [
    { failures: 2, lastFailureAt: 90_000, blockedUntil: 100_000 },
    "failed 2 times, last 10 s ago · may be tried now",
  ],
])("%j is told as %s", (feed, words) => {
  expect(failureWords(feed, 100_000)).toBe(words)
})
