import { expect, it } from "vitest"
import { seededRandom } from "../../../e2e/player/test-support/seeded-random.ts"
import { habitOf, stayMilliseconds } from "./habits.ts"

it("of many viewers five are strict, most stay, and some of every other kind are among them", () => {
  const counts = Map.groupBy(
    Array.from({ length: 200 }, (_, viewer) => habitOf(viewer)),
    (habit) => habit,
  )
  expect(counts.get("strict")).toHaveLength(5)
  for (const habit of ["zapping", "slow", "probing"] as const)
    expect(counts.get(habit)?.length).toBeGreaterThan(15)
  expect(counts.get("steady")?.length).toBeGreaterThan(100)
})

it("the same seed has the same viewers stay as long", () => {
  const stays = () => {
    const random = seededRandom(7)
    return Array.from({ length: 20 }, (_, viewer) => stayMilliseconds(habitOf(viewer), random))
  }
  expect(stays()).toEqual(stays())
})
