import { describe, expect, it } from "vitest"
import { type ErrorCode, errorResponse, errorStatus } from "./errors.ts"

describe("errorResponse", () => {
  it.each([
    [401, ["unauthorized", "bad_ticket", "ticket_expired"]],
    [403, ["forbidden"]],
    [404, ["unknown_channel", "unknown_source"]],
    [429, ["viewer_limit"]],
    [503, ["no_capacity", "no_streamer", "store_unavailable"]],
  ] as const)("answers %i for the contract's %j", (status, codes) => {
    for (const code of codes) expect(errorResponse(code, "x").status).toBe(status)
  })

  it("says code, message and when to try again, in the body and in Retry-After", async () => {
    const response = errorResponse("no_capacity", "Every connection is in use.", 5)
    expect(response.headers.get("content-type")).toBe("application/json")
    expect(response.headers.get("cache-control")).toBe("no-store")
    expect(response.headers.get("retry-after")).toBe("5")
    expect(await response.json()).toEqual({
      error: { code: "no_capacity", message: "Every connection is in use.", retryAfterSeconds: 5 },
    })
  })

  it("says nothing about trying again where that is of no use", async () => {
    const response = errorResponse("forbidden", "No.")
    expect(response.headers.has("retry-after")).toBe(false)
    expect(await response.json()).toEqual({ error: { code: "forbidden", message: "No." } })
  })

  it("has a status of an error for every code", () => {
    for (const code of Object.keys(errorStatus) as ErrorCode[]) {
      expect(errorResponse(code, "x", 0).status).toBe(errorStatus[code])
      expect(errorStatus[code]).toBeGreaterThanOrEqual(400)
    }
    expect(errorResponse("store_unavailable", "x", 0).headers.get("retry-after")).toBe("0")
  })
})
