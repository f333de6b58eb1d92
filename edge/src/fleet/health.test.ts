import { env } from "cloudflare:workers"
import { keys, publishJob } from "@tributary/shared/store/keys"
import type { ImportStatus } from "@tributary/shared/store/records"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { edgeOf } from "../edge.ts"
import { ask, publishChannels, startAfresh } from "../test-support/edge-under-test.ts"
import { edgeWith, fleet } from "../test-support/fleet.ts"
import { addSources, addViewers, redis, registerStreamer, setStore } from "../test-support/store.ts"
import { chooseStreamer } from "./choose-streamer.ts"
import { healthOf } from "./health.ts"

beforeEach(async () => {
  await startAfresh()
  await addSources({ id: "acme", type: "m3u", url: "http://panel.provider.example:8000/list.m3u" })
})
afterEach(() => setStore("pass"))

const importStatus = (status: Partial<ImportStatus>): string =>
  JSON.stringify({
    phase: "done",
    startedAt: 1,
    endedAt: 2,
    bytes: 10,
    entries: 3,
    keptEntries: 3,
    error: null,
    ...status,
  } satisfies ImportStatus)

async function health() {
  const response = await ask("/health")
  expect(response.headers.get("cache-control")).toBe("no-store")
  const text = await response.text()
  expect(text).not.toMatch(/provider\.example|127\.0\.0\.1|streamers\.example|password|token/)
  return { status: response.status, body: JSON.parse(text) }
}

describe("/health", () => {
  it("is ok when every part is", async () => {
    await registerStreamer("one")
    await publishChannels("1", [{ id: "101", name: "News" }])
    await redis.hset(keys.importsStatus, { acme: importStatus({}) })
    const { status, body } = await health()
    expect(status).toBe(200)
    expect(body).toMatchObject({
      status: "ok",
      parts: { store: { status: "ok" }, streamers: { status: "ok" }, snapshots: { status: "ok" } },
      channels: 1,
      imports: [{ source: "acme", phase: "done", entries: 3, error: null }],
    })
    expect(body).not.toHaveProperty("failing")
  })

  it.each([-5, 5])(
    "and playing go by the store's clock, when this one is %i minutes off",
    async (minutes) => {
      await registerStreamer("one")
      await addViewers({ username: "ann", password: "a" })
      await addSources({ id: "acme", type: "xtream", url: "http://p.example", username: "u", password: "p" })
      await publishChannels("1", [{ id: "101", name: "News" }])
      vi.setSystemTime(Date.now() + minutes * 60_000)
      try {
        expect(await health()).toMatchObject({
          status: 200,
          body: { parts: { streamers: { status: "ok" } } },
        })
        expect((await chooseStreamer(await edgeOf(env)))?.[0]).toBe("one")
        expect((await ask("/stream/101?username=ann&password=a")).status).toBe(302)
      } finally {
        vi.useRealTimers()
      }
    },
  )

  it("is ok before the first import", async () => {
    await registerStreamer("one")
    const { status, body } = await health()
    expect(status).toBe(200)
    expect(body).toMatchObject({ status: "ok", channels: null, imports: [] })
  })

  it("names the streamers when none runs, or all died", async () => {
    expect(await health()).toMatchObject({ status: 503, body: { status: "failing", failing: ["streamers"] } })
    await registerStreamer("one")
    const record = JSON.parse((await redis.hget<string>(keys.streamers, "one")) ?? "")
    await redis.hset(keys.streamers, { one: JSON.stringify({ ...record, at: record.at - 60_000 }) })
    expect(await health()).toMatchObject({ status: 503, body: { failing: ["streamers"] } })
  })

  it("is ok without a streamer where the first request starts one", async () => {
    const asked = async (...minimums: number[]) => {
      const edge = await edgeWith(minimums.map((minimum, at) => ({ ...fleet, name: `fleet-${at}`, minimum })))
      return (await healthOf(edge)).status
    }
    expect(await asked(0, 0)).toBe("ok")
    expect(await asked(0, 1)).toBe("failing")
    expect(await asked()).toBe("failing")
  })

  it.each(["refuse", "hang"] as const)("names the store within 2 s while it does %s", async (mode) => {
    await setStore(mode)
    const startedAt = Date.now()
    const { status, body } = await health()
    expect(Date.now() - startedAt).toBeLessThan(2_000)
    expect(status).toBe(503)
    expect(body.failing).toContain("store")
    expect(body.parts.snapshots).toEqual({ status: "ok" })
  })

  it("shows failed imports without failing, and without the provider's address", async () => {
    await registerStreamer("one")
    const messages = [
      "http://panel.provider.example:8000/get.php?username=u&password=p answered 500",
      "getaddrinfo ENOTFOUND panel.provider.example",
      "connect ECONNREFUSED 127.0.0.1:8000",
    ]
    for (const message of messages) {
      const failed = { phase: "failed", error: { code: "unreachable", message } } as const
      await redis.hset(keys.importsStatus, { acme: importStatus(failed), [publishJob]: importStatus({}) })
      const { status, body } = await health()
      expect(status).toBe(200)
      expect(body.imports).toContainEqual(
        expect.objectContaining({
          source: "acme",
          phase: "failed",
          error: expect.objectContaining({ code: "unreachable" }),
        }),
      )
    }
  })
})
