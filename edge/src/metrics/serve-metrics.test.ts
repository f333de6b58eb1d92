import { env } from "cloudflare:workers"
import { isTierCall } from "@tributary/shared/secrets/tier-token"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { ask, errorCode, startAfresh } from "../test-support/edge-under-test.ts"
import { forgetCalls, registerStreamer, secretKeys, setStore, streamerCalls } from "../test-support/store.ts"

beforeEach(async () => {
  await startAfresh()
  await forgetCalls()
})
afterEach(() => setStore("pass"))

async function says(streamer: string, body: string): Promise<void> {
  const answer = await fetch(`${env.CONTROL_URL}/streamer/${streamer}/metrics`, { method: "PUT", body })
  await answer.body?.cancel()
}
const metrics = (token: string | null = env.ADMIN_TOKEN) =>
  ask("/metrics", { headers: token === null ? {} : { authorization: `Bearer ${token}` } })

const clients = (count: number) =>
  `# HELP iptv_proxy_clients_connected Players.\n# TYPE iptv_proxy_clients_connected gauge\niptv_proxy_clients_connected ${count}\n`

describe("GET /metrics", () => {
  it("adds up what the running streamers say, asked with the tier's token", async () => {
    await says("one", clients(2))
    await says("two", clients(3))
    await registerStreamer("one")
    await registerStreamer("two")
    const response = await metrics()
    expect(response.status).toBe(200)
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8")
    expect(response.headers.get("cache-control")).toBe("no-store")
    const text = await response.text()
    expect(text).toContain("\niptv_proxy_clients_connected 5\n")
    expect(text).toContain("\ntributary_streamers 2\n")
    expect(text).toContain("\ntributary_streamers_unreachable 0\n")
    const calls = await streamerCalls()
    expect(calls).toHaveLength(2)
    expect(new Set(calls.map(({ path }) => path))).toEqual(
      new Set(["/streamer/one/metrics", "/streamer/two/metrics"]),
    )
    for (const { authorization } of calls)
      expect(await isTierCall(secretKeys, "streamer-internal", authorization, Date.now() / 1000)).toBe(true)
  })

  it("goes on without streamers that fail, hang or are not there, and says how many", async () => {
    await says("one", clients(2))
    await registerStreamer("one")
    await registerStreamer("failing", { internalAddress: `${env.CONTROL_URL}/failing-streamer` })
    await registerStreamer("hanging")
    await registerStreamer("gone", { internalAddress: "http://127.0.0.1:1" })
    const from = Date.now()
    const text = await (await metrics()).text()
    expect(Date.now() - from).toBeLessThan(3_500)
    expect(text).toContain("\niptv_proxy_clients_connected 2\n")
    expect(text).toContain("\ntributary_streamers 4\n")
    expect(text).toContain("\ntributary_streamers_unreachable 3\n")
    expect(text).not.toMatch(/127\.0|http|streamers\.example/)
  })

  it("takes the token of the metrics too, and no other", async () => {
    expect((await metrics(env.METRICS_TOKEN ?? "")).status).toBe(200)
    for (const token of [null, "wrong", `${env.ADMIN_TOKEN}x`, ""]) {
      const response = await metrics(token)
      expect(response.status).toBe(401)
      expect(await errorCode(response)).toBe("unauthorized")
    }
  })

  it("says that the store is away", async () => {
    await setStore("refuse")
    const response = await metrics()
    expect(response.status).toBe(503)
    expect(await errorCode(response)).toBe("store_unavailable")
  })
})
