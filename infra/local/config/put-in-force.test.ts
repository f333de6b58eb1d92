import { configFileSchema } from "@tributary/shared/config/config-file"
import { openTestStore, type TestStore } from "@tributary/shared/lease/test-store"
import { deriveKeys } from "@tributary/shared/secrets/keys"
import { readEpg } from "@tributary/shared/store/epg"
import { guideJob, keys } from "@tributary/shared/store/keys"
import { readSourceRecords } from "@tributary/shared/store/read-config"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { putInForce } from "./put-in-force.ts"

const secretKeys = await deriveKeys("a secret of an installation, long enough")
let store: TestStore

beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())
beforeEach(async () => {
  await store.redis.flushall()
})

/** As `npm start` does with a CONFIG_FILE of this content, or with none. */
function start(written: unknown): Promise<{ demo: boolean }> {
  const file = written === null ? null : configFileSchema.parse(written)
  return putInForce(store.redis, secretKeys, { file, sources: null, settings: {} }, "http://127.0.0.1:1")
}
const guides = async () => (await readEpg(store.redis, secretKeys)).map(({ url }) => url)
const due = () => store.redis.zscore(keys.importsDue, guideJob(null))

describe("the guides of CONFIG_FILE", () => {
  it("are put in force, and imported at each start", async () => {
    for (let starts = 0; starts < 2; starts++) {
      await start({ epg: [{ url: "http://b.example/" }, { url: "http://a.example/" }] })
      expect(await guides()).toEqual(["http://b.example/", "http://a.example/"])
      expect(Number(await due())).toBe(0)
      await store.redis.zadd(keys.importsDue, { score: 9e12, member: guideJob(null) })
    }
  })

  it("stay as they are when no file names guides", async () => {
    await start({ epg: [{ url: "http://a.example/" }] })
    await start({ sources: [] })
    await start(null)
    expect(await guides()).toEqual(["http://a.example/"])
  })

  it("go when the file names none", async () => {
    await start({ epg: [{ url: "http://a.example/" }] })
    await start({ epg: [] })
    expect(await guides()).toEqual([])
    expect(await due()).toBeNull()
  })
})

describe("the demo provider", () => {
  it("is a source until the file names another", async () => {
    expect(await start({ epg: [] })).toEqual({ demo: true })
    expect([...(await readSourceRecords(store.redis)).keys()]).toEqual(["demo"])
    const sources = [{ id: "a", type: "m3u", url: "http://a.example/list.m3u" }]
    expect(await start({ sources })).toEqual({ demo: false })
    expect([...(await readSourceRecords(store.redis)).keys()]).toEqual(["a"])
  })
})
