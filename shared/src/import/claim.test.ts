import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { openTestStore, type TestStore } from "../lease/test-store.ts"
import { keys } from "../store/keys.ts"
import { claimImport, claimMilliseconds, endClaim, extendClaim } from "./claim.ts"

let store: TestStore

beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())
beforeEach(async () => {
  await store.redis.flushall()
})

/** Makes sources due so many milliseconds from now (negative = since). */
async function due(sources: Record<string, number>): Promise<void> {
  const now = await store.now()
  for (const [member, later] of Object.entries(sources))
    await store.redis.zadd(keys.importsDue, { score: now + later, member })
}

const changed = (source: string) => store.redis.zadd(keys.importsDue, { score: 0, member: source })
const dueIn = async (source: string) =>
  Number(await store.redis.zscore(keys.importsDue, source)) - (await store.now())

const claim = (token: string) => claimImport(store.run, token)
const extend = (source: string, token: string) => extendClaim(store.run, source, token)
const end = (source: string, token: string, seconds: number) => endClaim(store.run, source, token, seconds)

describe("claiming an import", () => {
  it("gives what has been due for longest, each once, and nothing that is not due", async () => {
    await due({ young: -1000, old: -9000, later: 60_000 })
    await changed("changed")
    expect([await claim("a"), await claim("b"), await claim("c"), await claim("d")]).toEqual([
      "changed",
      "old",
      "young",
      null,
    ])
  })

  it("gives each import to exactly one of many who claim at once", async () => {
    await due({ a: -1, b: -1, c: -1 })
    const claims = Array.from({ length: 100 }, (_, number) => claimImport(store.runApart, `token ${number}`))
    const given = (await Promise.all(claims)).filter((source) => source !== null)
    expect(given.sort((a, b) => (a < b ? -1 : 1))).toEqual(["a", "b", "c"])
  })

  it("holds for a minute, and is told to nobody else meanwhile", async () => {
    await due({ a: -1 })
    await claim("mine")
    expect(await dueIn("a")).toBeGreaterThan(claimMilliseconds - 2000)
    expect(await claim("other")).toBeNull()
  })

  it("is possible again when the claim is not extended, and the first one is told that it lost", async () => {
    await due({ a: -1 })
    await claim("first")
    await due({ a: -1 })
    expect(await claim("second")).toBe("a")
    expect(await extend("a", "first")).toBe(false)
    expect(await end("a", "first", 3600)).toBe(false)
    expect(await dueIn("a")).toBeLessThanOrEqual(claimMilliseconds)
    expect(await extend("a", "second")).toBe(true)
  })
})

describe("a claim", () => {
  it("can be extended as long as nobody else has it, also after its time", async () => {
    await due({ a: -1 })
    await claim("mine")
    for (const later of [1000, -1]) {
      await due({ a: later })
      expect(await extend("a", "mine")).toBe(true)
      expect(await dueIn("a")).toBeGreaterThan(claimMilliseconds - 2000)
    }
  })

  it("ends with the time when the source is due again", async () => {
    await due({ a: -1 })
    await claim("mine")
    expect(await end("a", "mine", 3600)).toBe(true)
    const milliseconds = await dueIn("a")
    expect(milliseconds).toBeGreaterThan(3_598_000)
    expect(milliseconds).toBeLessThanOrEqual(3_600_000)
    expect(await extend("a", "mine")).toBe(false)
    expect(await end("a", "mine", 1)).toBe(false)
  })

  it("can be of any length: a tenth of a second, or what is meant by never", async () => {
    const centurySeconds = 100 * 365 * 86_400
    await due({ a: -1, b: -1 })
    await claim("a's")
    await claim("b's")
    expect(await end("a", "a's", 0.1)).toBe(true)
    expect(await dueIn("a")).toBeLessThanOrEqual(100)
    expect(await end("b", "b's", centurySeconds)).toBe(true)
    expect(await dueIn("b")).toBeGreaterThan(centurySeconds * 1000 - 2000)
  })

  it("cannot be ended or extended by somebody who never had it", async () => {
    await due({ a: -1 })
    await claim("mine")
    for (const [source, token] of [
      ["a", "other"],
      ["a", ""],
      ["b", "mine"],
    ] as const) {
      expect(await extend(source, token)).toBe(false)
      expect(await end(source, token, 0)).toBe(false)
    }
    expect(await claim("other")).toBeNull()
    expect(await extend("a", "mine")).toBe(true)
  })

  it("does not hide a change that came while the import ran", async () => {
    await due({ a: -1 })
    await claim("mine")
    await changed("a")
    expect(await extend("a", "mine")).toBe(true)
    expect(await end("a", "mine", 3600)).toBe(true)
    expect(await claim("next")).toBe("a")
  })

  it("of a source that was removed brings it not back", async () => {
    await due({ a: -1 })
    await claim("mine")
    await store.redis.zrem(keys.importsDue, "a")
    // So that its import stops; the claim is gone with it.
    expect(await extend("a", "mine")).toBe(false)
    expect(await end("a", "mine", 0)).toBe(false)
    expect(await claim("next")).toBeNull()
    expect(await store.dump()).toEqual({})
  })
})
