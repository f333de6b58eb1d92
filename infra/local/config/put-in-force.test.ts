import { configFileSchema } from "@tributary/shared/config/config-file"
import { openTestStore, type TestStore } from "@tributary/shared/lease/test-store"
import { deriveKeys } from "@tributary/shared/secrets/keys"
import { changeViewer } from "@tributary/shared/store/change-viewer"
import { readEpg } from "@tributary/shared/store/epg"
import { guideJob, keys } from "@tributary/shared/store/keys"
import { readSettings, readSourceRecords } from "@tributary/shared/store/read-config"
import { saveSettings } from "@tributary/shared/store/save-settings"
import { saveViewer } from "@tributary/shared/store/save-viewer"
import { storedPassword } from "@tributary/shared/store/viewer-record"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { putInForce, viewerToTry } from "./put-in-force.ts"

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

describe("what the admin API has changed", () => {
  it("of settings stays, unless file or environment name them", async () => {
    await start({ settings: { maxRetries: 1 } })
    await saveSettings(store.run, { maxRetries: 2, poolGrace: "3s", sortField: "tvg-id" })
    await start({ settings: { maxRetries: 1, sortField: "group-title" } })
    expect(await readSettings(store.redis)).toMatchObject({
      ...{ maxRetries: 1, poolGrace: 3, sortField: "group-title" },
    })
  })

  it("of the viewer that stands in for others stays: they are configured by it", async () => {
    expect(await viewerToTry(store.redis, secretKeys, null, "made")).toEqual({
      username: "viewer",
      password: "made",
    })
    const password = await storedPassword(secretKeys, "viewer", "chosen")
    await saveViewer(store.redis, store.run, "viewer", (stored) =>
      changeViewer(stored, "viewer", {}, password),
    )
    expect(await viewerToTry(store.redis, secretKeys, null, "made")).toEqual({
      ...{ username: "viewer", password: "chosen" },
    })
  })
})
