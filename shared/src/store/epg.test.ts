import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { openTestStore, type TestStore } from "../lease/test-store.ts"
import { deriveKeys } from "../secrets/keys.ts"
import { readEpg, saveEpg } from "./epg.ts"
import { guideJob, keys, publishJob } from "./keys.ts"

const secretKeys = await deriveKeys("a secret of an installation, long enough")
let store: TestStore

beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())
beforeEach(async () => {
  await store.redis.flushall()
})

const put = (...urls: string[]) =>
  saveEpg(
    store.redis,
    secretKeys,
    urls.map((url) => ({ url })),
  )
const read = async () => (await readEpg(store.redis, secretKeys)).map(({ url }) => url)
const due = () => store.redis.zrange<string[]>(keys.importsDue, 0, -1, { withScores: true })
const version = async () => Number(await store.redis.get(keys.configVersion))

describe("the configured guides", () => {
  it("are read in their order, and the next ones take their place", async () => {
    expect(await read()).toEqual([])
    await put("http://b.example/?u=1", "http://a.example/")
    expect(await read()).toEqual(["http://b.example/?u=1", "http://a.example/"])
    await put("http://c.example/")
    expect(await read()).toEqual(["http://c.example/"])
    expect(await version()).toBe(2)
  })

  it("are due for import at once, also while an import of them runs", async () => {
    await store.redis.zadd(keys.importsDue, { score: 9e12, member: guideJob(null) })
    await put("http://a.example/")
    expect(await due()).toEqual([guideJob(null), "0"])
  })

  it("go with their job and its status when there are none any more, and a snapshot is due", async () => {
    await put("http://a.example/")
    await store.redis.hset(keys.importsStatus, { [guideJob(null)]: "{}", other: "{}" })
    await put()
    expect(await read()).toEqual([])
    expect(await due()).toEqual([publishJob, "0"])
    expect(await store.redis.hkeys(keys.importsStatus)).toEqual(["other"])
    expect(await version()).toBe(2)
  })

  it("have no snapshot made when there were none before", async () => {
    await put()
    expect(await due()).toEqual([])
  })

  it("are nowhere in Redis as text", async () => {
    await put("http://guide-host.example/xmltv?user=guide-user")
    const everything = JSON.stringify(await store.dump())
    expect(everything).toContain("eyJ")
    expect(everything).not.toMatch(/guide-|http/)
    const other = await deriveKeys("another secret of an installation, as long")
    await expect(readEpg(store.redis, other)).rejects.toThrow()
  })
})
