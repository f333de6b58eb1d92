import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { openTestStore, type TestStore } from "../lease/test-store.ts"
import { deriveKeys } from "../secrets/keys.ts"
import { seal } from "../secrets/seal.ts"
import { newGuide, openGuides, readEpg, saveEpg, textOf } from "./epg.ts"
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

  it("that the admin API has added stay behind those of the file, unless it names them", async () => {
    const add = async (url: string) => {
      const text = (await store.redis.get<string>(keys.epg)) ?? ""
      const added = await newGuide(secretKeys, url, "api")
      await store.redis.set(keys.epg, textOf([added, ...(await openGuides(secretKeys, text))]))
    }
    await put("http://a.example/")
    await add("http://b.example/")
    await add("http://c.example/")
    await put("http://d.example/", "http://b.example/")
    expect(await read()).toEqual(["http://d.example/", "http://b.example/", "http://c.example/"])
    await put()
    expect(await read()).toEqual(["http://c.example/"])
    expect(await due()).toEqual([guideJob(null), "0"])
  })

  it("are read as an earlier version stored them, as the file's", async () => {
    const sealed = await seal(secretKeys, "http://old.example/")
    await store.redis.set(keys.epg, JSON.stringify([sealed]))
    expect(await read()).toEqual(["http://old.example/"])
    const [guide] = await openGuides(secretKeys, (await store.redis.get<string>(keys.epg)) ?? "")
    expect(guide).toMatchObject({ origin: "file", sealed, id: expect.stringMatching(/^[\da-f]{12}$/) })
    await put("http://new.example/")
    expect(await read()).toEqual(["http://new.example/"])
  })

  it("have ids that only their address makes, and that another installation's secret makes otherwise", async () => {
    const idsBy = async (by: typeof secretKeys) =>
      Promise.all(
        ["http://a.example/", "http://b.example/"].map(async (url) => (await newGuide(by, url, "api")).id),
      )
    const [a, b] = await idsBy(secretKeys)
    expect(a).not.toBe(b)
    expect(await idsBy(secretKeys)).toEqual([a, b])
    expect(await idsBy(await deriveKeys("another secret of an installation, as long"))).not.toContain(a)
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
