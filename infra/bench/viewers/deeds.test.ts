import { expect, it } from "vitest"
import { seededRandom } from "../../e2e/player/test-support/seeded-random.ts"
import { apiQuery, channelToWatch, deeds, nextDeed } from "./deeds.ts"

it("each deed comes about as often as its share", () => {
  const random = seededRandom(3)
  const done = Map.groupBy(
    Array.from({ length: 10_000 }, () => nextDeed(random)),
    (deed) => deed,
  )
  const shares = deeds.map((deed) => Math.round((done.get(deed)?.length ?? 0) / 100))
  for (const [index, share] of [8, 20, 2, 35, 35].entries())
    expect(Math.abs((shares[index] ?? 0) - share)).toBeLessThanOrEqual(2)
})

it("most watch a few channels, and some any other", () => {
  const random = seededRandom(3)
  const channels = Array.from({ length: 500 }, (_, number) => String(number))
  const watched = Array.from({ length: 1_000 }, () => Number(channelToWatch(random, channels)))
  const favourite = watched.filter((number) => number < 60).length
  expect(favourite).toBeGreaterThan(750)
  expect(favourite).toBeLessThan(900)
  expect(Math.max(...watched)).toBeGreaterThan(490)
})

it("player_api is asked for the login and for each list", () => {
  const random = seededRandom(3)
  const asked = new Set(Array.from({ length: 100 }, () => apiQuery(random, "7").action))
  expect(asked.size).toBe(5)
})
