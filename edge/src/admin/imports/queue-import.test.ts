import { saveEpg } from "@tributary/shared/store/epg"
import { guideJob, keys, publishJob } from "@tributary/shared/store/keys"
import { beforeEach, describe, expect, it } from "vitest"
import { errorCode, startAfresh } from "../../test-support/edge-under-test.ts"
import {
  addSources,
  forgetCalls,
  redis,
  registerStreamer,
  secretKeys,
  storeContents,
  streamerCalls,
} from "../../test-support/store.ts"
import { askAsAdmin } from "../admin-fixture.ts"

const later = 9e12
const source = { id: "acme", type: "m3u", url: "http://provider.example/list.m3u" } as const
const dueOf = async (job: string) => Number(await redis.zscore(keys.importsDue, job))

beforeEach(async () => {
  await startAfresh()
  await forgetCalls()
  await addSources(source, { ...source, id: "other" })
  await saveEpg(redis, secretKeys, [{ url: "http://guide.example/" }])
  for (const member of ["acme", "other", guideJob(null), publishJob])
    await redis.zadd(keys.importsDue, { score: later, member })
})

describe("asking for an import", () => {
  it.each([
    ["/sources/acme/import", "acme"],
    ["/epg/import", guideJob(null)],
    ["/imports/publish", publishJob],
  ])("by POST %s makes that job due at once, and no other", async (path, job) => {
    const response = await askAsAdmin(path, "POST")
    expect(response.status).toBe(202)
    expect(await response.json()).toEqual({ queued: true })
    for (const one of ["acme", "other", guideJob(null), publishJob])
      expect(await dueOf(one), one).toBe(one === job ? 0 : later)
    expect(await redis.exists(keys.importsAccept)).toBe(0)
  })

  it("has the streamer with fewest viewers look at once", async () => {
    await registerStreamer("busy", { viewers: 5 })
    await registerStreamer("calm", { viewers: 2 })
    await registerStreamer("silent", { viewers: 0 })
    const record = JSON.parse((await redis.hget<string>(keys.streamers, "silent")) ?? "")
    await redis.hset(keys.streamers, { silent: JSON.stringify({ ...record, at: record.at - 60_000 }) })
    await askAsAdmin("/sources/acme/import", "POST")
    expect(await streamerCalls()).toMatchObject([{ method: "POST", path: "/streamer/calm/internal/imports" }])
  })

  it("goes well without a streamer: the next one to come finds it due", async () => {
    await registerStreamer("gone", { internalAddress: "http://127.0.0.1:1" })
    expect((await askAsAdmin("/sources/acme/import", "POST")).status).toBe(202)
    expect(await dueOf("acme")).toBe(0)
  })

  it("may accept that the list really shrank, for that source", async () => {
    const response = await askAsAdmin("/sources/acme/import?accept=shrunken", "POST")
    expect(response.status).toBe(202)
    expect(await redis.hkeys(keys.importsAccept)).toEqual(["acme"])
    expect(await redis.hget(keys.importsAccept, "acme")).toBe("1")
    expect(await dueOf("acme")).toBe(0)
  })

  it("is refused for a source that is not there, is disabled, or is asked for in another way", async () => {
    await addSources({ ...source, id: "disabled", enabled: false })
    const before = await storeContents()
    const answers = [
      ["/sources/none/import", 404, "unknown_source"],
      ["/sources/constructor/import", 404, "unknown_source"],
      ["/sources/disabled/import", 400, "bad_request"],
      ["/sources/acme/import?accept=everything", 400, "bad_request"],
    ] as const
    for (const [path, status, code] of answers) {
      const response = await askAsAdmin(path, "POST")
      expect(response.status).toBe(status)
      expect(await errorCode(response)).toBe(code)
    }
    expect(await storeContents()).toEqual(before)
    expect(await streamerCalls()).toEqual([])
  })

  it("of guides is refused when none is configured", async () => {
    await saveEpg(redis, secretKeys, [])
    const response = await askAsAdmin("/epg/import", "POST")
    expect(response.status).toBe(400)
    expect(await redis.zscore(keys.importsDue, guideJob(null))).toBeNull()
  })
})
