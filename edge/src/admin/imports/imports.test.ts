import type { ImportRow } from "@tributary/shared/admin-api/imports"
import { saveEpg } from "@tributary/shared/store/epg"
import { guideJob, keys, publishJob } from "@tributary/shared/store/keys"
import type { ImportStatus } from "@tributary/shared/store/records"
import { beforeEach, describe, expect, it } from "vitest"
import { startAfresh } from "../../test-support/edge-under-test.ts"
import { addSources, redis, secretKeys } from "../../test-support/store.ts"
import { askAsAdmin } from "../admin-fixture.ts"

beforeEach(startAfresh)

const source = (id: string, order: number) =>
  ({ id, order, type: "m3u", url: `http://${id}.provider.example/list.m3u` }) as const

async function imports(): Promise<ImportRow[]> {
  const response = await askAsAdmin("/imports")
  expect(response.status).toBe(200)
  return response.json()
}
const importOf = async (id: string) => (await imports()).find((one) => one.id === id)

const setStatus = (job: string, status: Partial<ImportStatus>) =>
  redis.hset(keys.importsStatus, {
    [job]: JSON.stringify({
      phase: "done",
      startedAt: 1_000,
      endedAt: 3_500,
      bytes: 10,
      entries: 3,
      keptEntries: 2,
      error: null,
      ...status,
    }),
  })
const setDue = (job: string, score: number) => redis.zadd(keys.importsDue, { score, member: job })
const claim = (job: string) => redis.hset(keys.importsRunning, { [job]: "token" })
const storeTime = async () => Number((await redis.time())[0]) * 1000

describe("GET /api/imports", () => {
  it("shows publishing alone while nothing is configured", async () => {
    expect(await imports()).toEqual([
      {
        id: publishJob,
        kind: "publish",
        source: null,
        phase: "waiting",
        startedAt: null,
        endedAt: null,
        durationMs: null,
        bytes: 0,
        entries: 0,
        keptEntries: 0,
        error: null,
        problems: [],
        dueAt: null,
        running: false,
      },
    ])
  })

  it("shows sources in their order, each with its guides, then the configured ones, then publishing", async () => {
    await addSources(source("b", 1), source("z", 2), source("a", 3))
    await setDue(guideJob("z"), 5)
    await setStatus(guideJob("a"), {})
    await setStatus("gone", {})
    await setDue(guideJob("gone"), 5)
    await saveEpg(redis, secretKeys, [{ url: "http://guide.example/" }])
    const shown = (await imports()).map(({ id, kind, source: of }) => [id, kind, of])
    expect(shown).toEqual([
      ["b", "source", "b"],
      ["z", "source", "z"],
      ["guide:z", "guide", "z"],
      ["a", "source", "a"],
      ["guide:a", "guide", "a"],
      ["guide:", "guide", null],
      ["*", "publish", null],
    ])
  })

  it("shows a source that was never imported as waiting, due at once", async () => {
    await addSources(source("a", 1))
    expect(await importOf("a")).toMatchObject({
      phase: "waiting",
      startedAt: null,
      durationMs: null,
      dueAt: 0,
      running: false,
    })
  })

  it("shows how an import went and when the next one is due", async () => {
    await addSources(source("a", 1))
    const dueAt = (await storeTime()) + 3_600_000
    await setDue("a", dueAt)
    await setStatus("a", { problems: ["3 entries had no address"] })
    expect(await importOf("a")).toEqual({
      id: "a",
      kind: "source",
      source: "a",
      phase: "done",
      startedAt: 1_000,
      endedAt: 3_500,
      durationMs: 2_500,
      bytes: 10,
      entries: 3,
      keptEntries: 2,
      error: null,
      problems: ["3 entries had no address"],
      dueAt,
      running: false,
    })
  })

  it("shows what went wrong, without addresses and logins", async () => {
    await addSources(source("a", 1))
    const message = "http://a.provider.example/get.php?username=u&password=p answered 500"
    await setStatus("a", { phase: "failed", error: { code: "refused", message }, problems: [message] })
    const shown = await importOf("a")
    expect(shown).toMatchObject({ phase: "failed", error: { code: "refused" } })
    expect(shown?.error?.message).toMatch(/answered 500/)
    expect(shown?.problems[0]).toMatch(/answered 500/)
    expect(JSON.stringify(shown)).not.toMatch(/provider|password=p/)
  })

  it("shows a running import with its duration so far, and no time when it is due", async () => {
    await addSources(source("a", 1))
    const now = await storeTime()
    await setStatus("a", { phase: "fetching", startedAt: now - 5_000, endedAt: null })
    await claim("a")
    await setDue("a", now + 60_000)
    const shown = await importOf("a")
    expect(shown).toMatchObject({ phase: "fetching", running: true, dueAt: null, endedAt: null })
    expect(shown?.durationMs).toBeGreaterThanOrEqual(5_000)
    await setDue("a", 0)
    expect(await importOf("a")).toMatchObject({ running: true, dueAt: 0 })
  })

  it("shows an import whose streamer died as not running, and due", async () => {
    await addSources(source("a", 1))
    const past = (await storeTime()) - 1_000
    await setStatus("a", { phase: "fetching", endedAt: null })
    await claim("a")
    await setDue("a", past)
    expect(await importOf("a")).toMatchObject({ running: false, dueAt: past, durationMs: null })
  })

  it("gives no time for what is not planned", async () => {
    await setDue(publishJob, (await storeTime()) + 100 * 365 * 86_400_000)
    expect(await importOf(publishJob)).toMatchObject({ dueAt: null, running: false })
  })
})
