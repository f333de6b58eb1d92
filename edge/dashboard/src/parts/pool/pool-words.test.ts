import { describe, expect, it } from "vitest"
import {
  elsewhereWords,
  expiryWords,
  filling,
  fillingPercent,
  firstExpiry,
  reasonWords,
} from "./pool-words.ts"

const day = 86_400_000

describe("how full a source is", () => {
  it.each([
    [2, 5, "2/5", 40],
    [2, null, "2, no limit", 0],
    [0, 0, "0/0", 100],
    [3, 2, "3/2", 100],
  ])("%d of %s is told as %s", (active, most, words, percent) => {
    expect(filling(active, most)).toBe(words)
    expect(fillingPercent(active, most)).toBe(percent)
  })

  it("says what others hold, when they hold anything", () => {
    expect([elsewhereWords(0), elsewhereWords(1)]).toEqual([null, "1 in use elsewhere"])
  })

  it("says why a profile is not used, also where the word for it is new", () => {
    expect([reasonWords(null), reasonWords("wrong_password"), reasonWords("on_holiday")]).toEqual([
      ...[null, "Wrong username or password", "on holiday"],
    ])
  })
})

describe("the end of an account", () => {
  it("is to come or past", () => {
    expect(expiryWords(3 * day, day)).toMatch(/^Expires in 2 d \(/)
    expect(expiryWords(day, 3 * day)).toMatch(/^Expired 2 d ago \(/)
  })

  it("of a source is the first of those that are used", () => {
    const profile = (expiresAt: number | null, enabled = true) => ({ expiresAt, enabled })
    expect(firstExpiry([profile(3), profile(null), profile(1, false), profile(2)])).toBe(2)
    expect(firstExpiry([profile(null)])).toBeNull()
  })
})
