import { env } from "cloudflare:workers"
import { streamerListSchema } from "@tributary/shared/admin-api/streamers"
import { beforeEach, describe, expect, it } from "vitest"
import { errorCode, startAfresh } from "../../test-support/edge-under-test.ts"
import { registerStreamer, setStore } from "../../test-support/store.ts"
import { askAsAdmin } from "../admin-fixture.ts"
import { askJson } from "./streamers-fixture.ts"

beforeEach(startAfresh)

describe("GET /api/streamers", () => {
  it("lists those that run, as they registered themselves", async () => {
    const from = Date.now()
    await registerStreamer("two", { region: "", draining: true })
    await registerStreamer("one", { viewers: 3, maxViewers: 10, streams: 2, version: "7" })
    const { status, body } = await askJson("/streamers")
    expect(status).toBe(200)
    const rows = streamerListSchema.parse(body)
    expect(rows).toEqual([
      {
        ...{ id: "one", address: "https://one.streamers.example", region: "EU", viewers: 3, maxViewers: 10 },
        ...{ streams: 2, draining: false, version: "7", lastSeenAt: expect.any(Number) },
      },
      expect.objectContaining({ id: "two", region: "", draining: true, maxViewers: null }),
    ])
    expect(Math.abs((rows[0]?.lastSeenAt ?? 0) - from)).toBeLessThan(5_000)
    expect(JSON.stringify(body)).not.toContain(env.CONTROL_URL)
  })

  it("is empty where none runs, and says that the store is away", async () => {
    expect(await askJson("/streamers")).toEqual({ status: 200, body: [] })
    await setStore("refuse")
    const response = await askAsAdmin("/streamers")
    expect([response.status, await errorCode(response)]).toEqual([503, "store_unavailable"])
    await setStore("pass")
  })
})
