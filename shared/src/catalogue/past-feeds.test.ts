import { expect, it } from "vitest"
import type { Feed } from "./entry.ts"
import { pastFeeds } from "./past-feeds.ts"

const day = 86_400
const now = 1_700_000_000
const feed = (id: string, days?: number): Feed => ({
  ...{ id, source: "acme", locator: { kind: "xtream", streamId: id, extension: "ts" } },
  ...(days === undefined ? {} : { catchup: { days, kind: "xc" } }),
})
const feeds = [feed("live"), feed("week", 7), feed("two", 2)]

it.each([
  [-day, ["week", "two"]],
  [-2 * day, ["week", "two"]],
  [-2 * day - 1, ["week"]],
  [-7 * day - 1, []],
  [0, []],
  [60, []],
])("the past of %i s from now is kept by %j", (ago, ids) => {
  const kept = pastFeeds(feeds, { start: now + ago, now })
  expect(kept.feeds.map(({ id }) => id)).toEqual(ids)
  expect(kept.days).toBe(7)
})

it("has none when no feed has", () => {
  expect(pastFeeds([feed("live")], { start: now - 60, now })).toEqual({ feeds: [], days: 0 })
})
