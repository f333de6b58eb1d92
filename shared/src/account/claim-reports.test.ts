import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { openTestStore, type TestStore } from "../lease/test-store.ts"
import { keys } from "../store/keys.ts"
import { claimMilliseconds, claimReports } from "./report.ts"

let store: TestStore

beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())
beforeEach(async () => {
  await store.redis.flushall()
})

/** Makes profiles due so many milliseconds from now (negative = since). */
async function due(profiles: Record<string, number>): Promise<void> {
  const now = await store.now()
  for (const [member, later] of Object.entries(profiles))
    await store.redis.zadd(keys.profilesDue, { score: now + later, member })
}

const claim = (most: number) => claimReports(store.run, most)
const dueIn = async (member: string) =>
  Number(await store.redis.zscore(keys.profilesDue, member)) - (await store.now())

describe("claiming profiles to ask about", () => {
  it("gives what has been due for longest, each once, and nothing that is not due", async () => {
    await due({ "a/young": -1000, "a/old": -9000, "b/later": 60_000 })
    await store.redis.zadd(keys.profilesDue, { score: 0, member: "b/changed" })
    expect(await claim(2)).toEqual([
      { source: "b", profile: "changed" },
      { source: "a", profile: "old" },
    ])
    expect(await claim(2)).toEqual([{ source: "a", profile: "young" }])
    expect(await claim(2)).toEqual([])
  })

  it("gives nothing when nothing is known, and makes nothing", async () => {
    expect(await claim(5)).toEqual([])
    expect(await store.dump()).toEqual({})
  })

  it("gives each profile to exactly one of many who claim at once", async () => {
    const members = Array.from({ length: 30 }, (_, number) => `a/p${number}`)
    await due(Object.fromEntries(members.map((member) => [member, -1])))
    const claims = await Promise.all(Array.from({ length: 50 }, () => claimReports(store.runApart, 2)))
    const given = claims.flat().map(({ source, profile }) => `${source}/${profile}`)
    expect(given).toHaveLength(30)
    expect(new Set(given)).toEqual(new Set(members))
  })

  it("holds for a minute, after which somebody else may ask", async () => {
    await due({ "a/primary": -1 })
    await claim(1)
    expect(Math.abs((await dueIn("a/primary")) - claimMilliseconds)).toBeLessThan(2000)
    expect(await claim(1)).toEqual([])
    await due({ "a/primary": -1 })
    expect(await claim(1)).toEqual([{ source: "a", profile: "primary" }])
  })
})
