import type { TitleDetails } from "@tributary/shared/catalogue/details"
import { deriveKeys } from "@tributary/shared/secrets/keys"
import { tierAuthorization } from "@tributary/shared/secrets/tier-token"
import { Hono } from "hono"
import { describe, expect, it } from "vitest"
import { requireEdge } from "../http/require-edge.ts"
import type { DetailsResult } from "./details-directory.ts"
import { details } from "./route.ts"

const keys = await deriveKeys("a secret for tests, which is long enough")
const now = Date.UTC(2026, 1, 3)
const film: TitleDetails = { kind: "movie", fetchedAt: 1, source: "s", name: "Film", backdrops: [] }

async function get(
  path: string,
  result: DetailsResult,
  audience: "streamer-internal" | "edge-internal" | null,
) {
  const asked: string[] = []
  const app = new Hono()
  const find = async (kind: string, channel: string) => {
    asked.push(`${kind} ${channel}`)
    return result
  }
  const onlyEdge = requireEdge(keys, () => now)
  app.get("/internal/details/:kind/:channel", onlyEdge, (context) => details({ details: { find } }, context))
  const headers =
    audience === null ? {} : { authorization: await tierAuthorization(keys, audience, now / 1000) }
  const answer = await app.request(path, { headers })
  return { status: answer.status, body: await answer.json(), asked }
}

describe("the route of details", () => {
  it("answers the edge with JSON", async () => {
    const found = { ok: true, details: film } as const
    expect(await get("/internal/details/movie/123", found, "streamer-internal")).toEqual({
      status: 200,
      body: film,
      asked: ["movie 123"],
    })
  })

  it("answers nobody else", async () => {
    for (const audience of [null, "edge-internal"] as const) {
      const { status, asked } = await get(
        "/internal/details/movie/123",
        { ok: true, details: film },
        audience,
      )
      expect([status, asked]).toEqual([401, []])
    }
  })

  it.each([
    ["unknown", 404, "not_found"],
    ["failed", 502, "upstream_failed"],
  ] as const)("says that a title is %s", async (reason, status, code) => {
    const answer = await get("/internal/details/series/123", { ok: false, reason }, "streamer-internal")
    expect(answer).toMatchObject({ status, body: { error: { code } }, asked: ["series 123"] })
  })

  it.each(["live/123", "movie/abc", "movie/..%2Fx", "movie/1%2F2"])("has no %s", async (path) => {
    const answer = await get(`/internal/details/${path}`, { ok: true, details: film }, "streamer-internal")
    expect([answer.status, answer.asked]).toEqual([404, []])
  })
})
