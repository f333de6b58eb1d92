import { deriveKeys } from "@tributary/shared/secrets/keys"
import { tierAuthorization } from "@tributary/shared/secrets/tier-token"
import { Hono } from "hono"
import { describe, expect, it } from "vitest"
import { requireEdge } from "../http/require-edge.ts"
import type { DraftCheck } from "./check-draft.ts"
import type { AccountCheck } from "./describe-account.ts"
import type { CheckResult } from "./profile-checks.ts"
import { testProfile } from "./route.ts"

const keys = await deriveKeys("a secret for tests, which is long enough")
const now = Date.UTC(2026, 1, 3)
const check: AccountCheck = {
  ...{ ok: true, status: "active", maxConnections: 2, activeConnections: 0, expiresAt: null },
  message: "Fine.",
}

const draftCheck: DraftCheck = { ...check, suggestedType: "xtream" }

async function post(
  body: unknown,
  result: CheckResult = { ok: true, check },
  audience: "streamer-internal" | "edge-internal" | null = "streamer-internal",
) {
  const asked: unknown[] = []
  const app = new Hono()
  const checks = {
    ofStored: async (name: unknown) => {
      asked.push(name)
      return result
    },
    ofDraft: async (draft: unknown) => {
      asked.push(draft)
      return draftCheck
    },
  }
  const onlyEdge = requireEdge(keys, () => now)
  app.post("/internal/profiles/test", onlyEdge, (context) => testProfile({ checks }, context))
  const headers: Record<string, string> =
    audience === null ? {} : { authorization: await tierAuthorization(keys, audience, now / 1000) }
  const text = typeof body === "string" ? body : JSON.stringify(body)
  const answer = await app.request("/internal/profiles/test", { method: "POST", headers, body: text })
  return { status: answer.status, body: await answer.json(), asked }
}

const stored = { source: "acme", profile: "primary" }
const draft = { type: "xtream", url: "http://panel.test:8080", username: "u", password: "p" }

describe("the route of profile tests", () => {
  it("answers the edge with what was found out", async () => {
    expect(await post(stored)).toEqual({ status: 200, body: check, asked: [stored] })
    expect(await post({ draft })).toEqual({ status: 200, body: draftCheck, asked: [draft] })
    const open = { type: "m3u", url: "http://list.test/tv.m3u" }
    expect(await post({ draft: open })).toMatchObject({ status: 200, asked: [open] })
  })

  it("answers nobody else", async () => {
    for (const audience of [null, "edge-internal"] as const)
      expect(await post(stored, undefined, audience)).toMatchObject({ status: 401, asked: [] })
  })

  it.each([
    ["unknown_source", 404],
    ["store_unavailable", 503],
  ] as const)("says %s", async (reason, status) => {
    expect(await post(stored, { ok: false, reason })).toMatchObject({
      status,
      body: { error: { code: reason } },
    })
  })

  it.each([
    ["no JSON", "The body is not JSON."],
    [null, 'must be an object, like {"key": …}'],
    [{ source: "acme" }, "profile: is missing"],
    [{ source: 7, profile: "primary" }, "source: must be a text"],
    [{ ...stored, more: 1 }, "more: unknown key"],
    [{ draft: null }, 'draft: must be an object, like {"key": …}'],
    [{ draft, ...stored }, "source: unknown key"],
    [{ draft: { ...draft, url: "panel.test" } }, "draft.url: must be an http:// or https:// URL"],
    [
      { draft: { ...draft, type: "m3u", password: undefined } },
      "draft.password: is missing: a login is a username and a password",
    ],
    [{ draft: { ...draft, type: "dvb" } }, 'draft.type: must be "xtream" or "m3u"'],
    [{ draft: { ...draft, password: "" } }, "draft.password: must not be empty"],
    [{ draft: { ...draft, password: undefined } }, "draft.password: is missing: an xtream source needs it"],
    [{ draft: { ...draft, username: undefined } }, "draft.username: is missing: an xtream source needs it"],
  ])("names what is wrong with %j", async (body, message) => {
    expect(await post(body)).toEqual({
      ...{ status: 400, asked: [] },
      body: { error: { code: "bad_request", message } },
    })
  })
})
