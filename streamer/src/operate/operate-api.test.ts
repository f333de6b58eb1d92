import type { TrafficReport } from "@tributary/shared/admin-api/overview"
import { type LogQuestion, LogRing } from "@tributary/shared/log/log-ring"
import { deriveKeys } from "@tributary/shared/secrets/keys"
import { tierAuthorization } from "@tributary/shared/secrets/tier-token"
import { Hono } from "hono"
import { describe, expect, it } from "vitest"
import { requireEdge } from "../http/require-edge.ts"
import { FakeStream } from "../streams-api/stream-fixture.ts"
import { operateApi } from "./operate-api.ts"
import type { TestResult } from "./transcode-tester.ts"

const keys = await deriveKeys("a secret for tests, which is long enough")
const now = Date.UTC(2026, 1, 3)
const traffic: TrafficReport = {
  now: { streams: 1, viewers: 2, bitsPerSecondIn: 3, bitsPerSecondOut: 4 },
  ...{ stepSeconds: 10, points: [] },
}

function apiOf(result: TestResult = { ok: true, runs: [] }) {
  const stream = new FakeStream({ id: "101~a b" })
  const tested: unknown[] = []
  const asked: LogQuestion[] = []
  const api = operateApi({
    guard: requireEdge(keys, () => now),
    streams: { pool: { streams: new Map([["101~a b", stream]]) }, findChannel: async () => null },
    traffic: { report: () => traffic },
    logs: {
      read: (question) => {
        asked.push(question)
        return new LogRing().read(question)
      },
    },
    tester: {
      test: async (profiles) => {
        tested.push(...profiles)
        return result
      },
    },
  })
  const app = new Hono().route("/internal", api)
  const ask = async (
    path: string,
    method = "GET",
    body?: unknown,
    audience: "streamer-internal" | "edge-internal" | null = "streamer-internal",
  ) => {
    const authorization = audience === null ? "" : await tierAuthorization(keys, audience, now / 1000)
    const response = await app.request(`/internal${path}`, {
      ...{ method, headers: { authorization } },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    })
    // biome-ignore lint/suspicious/noExplicitAny: what it is is what the tests say.
    return { status: response.status, headers: response.headers, body: (await response.json()) as any }
  }
  return { ask, stream, tested, asked }
}

describe("what the edge may ask a streamer about itself", () => {
  it.each([
    ["GET", "/streams"],
    ["GET", "/streams/101~a%20b"],
    ["DELETE", "/streams/101~a%20b"],
    ["POST", "/streams/101~a%20b/failover"],
    ["GET", "/traffic"],
    ["GET", "/logs"],
    ["POST", "/transcodes/test"],
  ])("is answered to nobody else: %s %s", async (method, path) => {
    const { ask, stream, tested, asked } = apiOf()
    for (const audience of [null, "edge-internal"] as const) {
      const { status, body } = await ask(path, method, method === "POST" ? {} : undefined, audience)
      expect([status, body.error.code]).toEqual([401, "unauthorized"])
    }
    expect([...stream.done, ...tested, ...asked]).toEqual([])
  })

  it("is what runs, to be seen and stopped", async () => {
    const { ask, stream } = apiOf()
    expect((await ask("/streams")).body).toMatchObject({ total: 1, streams: [{ stream_id: "101~a b" }] })
    expect((await ask("/streams/101~a%20b/failover", "POST")).status).toBe(200)
    expect((await ask("/streams/101~a%20b", "DELETE")).status).toBe(200)
    expect(stream.done).toEqual(["failOver", "close stopped"])
  })

  it("is its traffic", async () => {
    const { status, body, headers } = await apiOf().ask("/traffic")
    expect([status, headers.get("cache-control")]).toEqual([200, "no-store"])
    expect(body).toEqual(traffic)
  })

  it("is its log, as it is asked for", async () => {
    const { ask, asked } = apiOf()
    expect((await ask("/logs")).body).toEqual({ lines: [], next: 0 })
    await ask("/logs?after=7&level=warning&search=News&limit=3")
    expect(asked).toEqual([
      { after: null, level: "debug", search: "", limit: 200 },
      { after: 7, level: "warning", search: "News", limit: 3 },
    ])
  })

  it.each([
    ["after=x", "after: must be a whole number"],
    ["level=warn", 'level: must be "trace", "debug", "info", "warning", "error" or "fatal"'],
    ["limit=0", "limit: must be a whole number"],
    ["limit=501", "limit: must be from 1 to 500"],
    ["more=1", "more: unknown key"],
  ])("is no log for %s", async (query, message) => {
    const { status, body } = await apiOf().ask(`/logs?${query}`)
    expect([status, body.error]).toEqual([400, { code: "bad_request", message }])
  })
})

describe("a test of transcode profiles", () => {
  const sd = { id: "sd", video: { height: 480 }, audio: "copy" }
  const test = (body: unknown, result?: TestResult) => apiOf(result).ask("/transcodes/test", "POST", body)

  it("is made of profiles as they are written", async () => {
    const { ask, tested } = apiOf()
    expect((await ask("/transcodes/test", "POST", { profiles: [sd] })).body).toEqual({ runs: [] })
    expect(tested).toMatchObject([
      {
        id: "sd",
        recipe: { kind: "structured", video: { codec: "h264", height: 480 }, audio: { codec: "copy" } },
      },
    ])
  })

  it.each([
    ["conflict", 409],
    ["transcode_failed", 502],
  ] as const)("says %s", async (code, status) => {
    const answer = await test({ profiles: [sd] }, { ok: false, code, message: "No." })
    expect([answer.status, answer.body.error.code, answer.body.error.message]).toEqual([status, code, "No."])
  })

  it.each([
    ["no JSON", "The body is not JSON."],
    [{}, "profiles: is missing"],
    [{ profiles: [] }, "profiles: must name a profile"],
    [{ profiles: [{ ...sd, video: { height: 481 } }] }, "profiles[0].video.height: must be even, like 480"],
    [{ profiles: [{ id: "x", arguments: "-i /etc/passwd" }] }, /^profiles\[0\]\.arguments: /],
    [
      { profiles: [{ id: "x", variants: ["a", "b"] }] },
      "profiles[0].variants: must be given as profiles of their own",
    ],
  ])("names what is wrong with %j", async (body, message) => {
    const { status, body: answer } = await test(body)
    expect([status, answer.error.code]).toEqual([400, "bad_request"])
    expect(answer.error.message).toMatch(message)
  })
})
