import { leaseMilliseconds } from "@tributary/shared/lease/times"
import { keys } from "@tributary/shared/store/keys"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { ask, publishChannels, startAfresh } from "../test-support/edge-under-test.ts"
import {
  addSources,
  addViewers,
  redis,
  registerStreamer,
  setSettings,
  setStore,
} from "../test-support/store.ts"

const ann = "username=ann&password=sesame-42"

beforeEach(async () => {
  await startAfresh()
  await addViewers(
    { username: "ann", password: "sesame-42", maxStreams: 1 },
    { username: "bob", password: "b" },
    { username: "kid", password: "k", groups: ["Kids"] },
    { username: "off", password: "o", enabled: false },
    { username: "late", password: "l", expiresAt: "2020-01-01T00:00:00Z" },
  )
  await addSources({
    id: "acme",
    type: "xtream",
    url: "http://panel.provider.example:8000",
    username: "provider-login",
    password: "provider-secret",
    maxStreams: 1,
  })
  await registerStreamer("one")
  await publishChannels("1", [
    { id: "101", name: "News", groups: ["World"] },
    { id: "102", name: "Sport", groups: ["World"] },
    { id: "103", name: "Cartoons", groups: ["Kids"] },
  ])
})
afterEach(() => setStore("pass"))

interface Refusal {
  status: number
  code: string
  /** Whether a retry makes sense. */
  retry: boolean
}

async function expectRefusal(path: string, { status, code, retry }: Refusal) {
  const response = await ask(path)
  const text = await response.text()
  expect(response.status, text).toBe(status)
  expect(response.headers.get("cache-control")).toBe("no-store")
  const { error } = JSON.parse(text)
  expect(error.code).toBe(code)
  expect(error.message).toEqual(expect.any(String))
  const seconds = response.headers.get("retry-after")
  expect(seconds !== null).toBe(retry)
  expect(error.retryAfterSeconds ?? null).toBe(seconds === null ? null : Number(seconds))
  expect(text).not.toMatch(/panel|provider[-.]|sesame/)
}

describe("a click is refused", () => {
  const unauthorized = { status: 401, code: "unauthorized", retry: false }
  const forbidden = { status: 403, code: "forbidden", retry: false }

  it.each([
    ["for nobody", "/stream/101", unauthorized],
    ["for a wrong password", "/stream/101?username=ann&password=x", unauthorized],
    ["for an unknown viewer", "/stream/101?username=eve&password=x", unauthorized],
    ["for a disabled viewer", "/stream/101?username=off&password=o", forbidden],
    ["for an expired viewer", "/stream/101?username=late&password=l", forbidden],
    ["outside the viewer's groups", "/stream/101?username=kid&password=k", forbidden],
    ["for an unknown channel", `/stream/999?${ann}`, { status: 404, code: "unknown_channel", retry: false }],
    [
      "for what is no stream",
      `/stream/101.avi?${ann}`,
      { status: 404, code: "unsupported_output", retry: false },
    ],
  ])("%s", async (_, path, refusal) => {
    await expectRefusal(path, refusal)
    expect(await redis.exists(keys.live, keys.leases("acme"))).toBe(0)
  })

  it("when the viewer plays as much as they may", async () => {
    expect((await ask(`/stream/101?${ann}`)).status).toBe(302)
    await expectRefusal(`/stream/102?${ann}`, { status: 429, code: "viewer_limit", retry: true })
  })

  it("when every connection is in use", async () => {
    expect((await ask("/stream/101?username=bob&password=b")).status).toBe(302)
    await expectRefusal(`/stream/102?${ann}`, { status: 503, code: "no_capacity", retry: true })
  })

  it("when no streamer runs", async () => {
    await redis.del(keys.streamers)
    await expectRefusal(`/stream/101?${ann}`, { status: 503, code: "no_streamer", retry: true })
  })

  it("when every streamer has been silent for longer than a lease lasts", async () => {
    const record = JSON.parse((await redis.hget<string>(keys.streamers, "one")) ?? "")
    const silent = { ...record, at: record.at - leaseMilliseconds - 1_000 }
    await redis.hset(keys.streamers, { one: JSON.stringify(silent) })
    await expectRefusal(`/stream/101?${ann}`, { status: 503, code: "no_streamer", retry: true })
  })

  it.each(["refuse", "hang"] as const)(
    "within 2 s while the store does %s, and works again after",
    async (mode) => {
      await setStore(mode)
      const startedAt = Date.now()
      await expectRefusal(`/stream/101?${ann}`, { status: 503, code: "store_unavailable", retry: true })
      expect(Date.now() - startedAt).toBeLessThan(2_000)
      await setStore("pass")
      expect((await ask(`/stream/101?${ann}`)).status).toBe(302)
    },
  )
})

describe("what is public", () => {
  it("plays for nobody in particular, and for a viewer within their groups", async () => {
    await setSettings({ publicPlaylist: true })
    expect((await ask("/stream/101")).status).toBe(302)
    expect((await ask("/stream/103?username=kid&password=k", { method: "HEAD" })).status).toBe(503)
    expect((await ask("/stream/101?username=kid&password=k")).status).toBe(403)
  })
})

describe("secrets", () => {
  it("are in no log line and no answer, whatever becomes of the click", async () => {
    const written = vi.spyOn(console, "log")
    const shown: string[] = []
    const note = async (response: Response) =>
      shown.push(JSON.stringify([...response.headers]), await response.text())
    for (const path of [
      "/stream/101",
      "/stream/102",
      "/stream/999",
      "/stream/101.m3u8",
      "/logo/101",
      "/health",
    ])
      await note(await ask(`${path}?${ann}`))
    await note(await ask("/stream/101?username=off&password=sesame-42"))
    await setStore("refuse")
    for (const path of ["/stream/101", "/playlist.m3u8", "/health"]) await note(await ask(`${path}?${ann}`))
    const log = written.mock.calls.flat().map(String)
    vi.restoreAllMocks()
    expect(log.some((line) => line.includes("open"))).toBe(true)
    expect(log.some((line) => line.includes("request failed"))).toBe(true)
    for (const line of log) expect(JSON.parse(line)).toMatchObject({ level: expect.any(String) })
    for (const text of [...log, ...shown])
      expect(text).not.toMatch(/sesame|panel|provider[-.]|127\.0\.0\.1|store-token/)
  })
})
