import { describe, expect, it } from "vitest"
import type { Refused } from "./admit.ts"
import { refusalResponse, startingResponse } from "./refusal.ts"

const told = async (refused: Refused) => {
  const response = refusalResponse(refused)
  const { error } = (await response.json()) as { error: { code: string; message: string } }
  return { status: response.status, retry: response.headers.get("retry-after"), ...error }
}
const noCapacity = (reasons: string[], retryMs = 0): Refused => ({
  ...{ code: "no_capacity", reasons, retryMs, skipped: [], zapping: false },
})

describe("what a player is told of a refusal", () => {
  it("is its code, and when to ask again where that may help", async () => {
    expect(await told({ code: "unauthorized" })).toMatchObject({
      status: 401,
      code: "unauthorized",
      retry: null,
    })
    expect(await told({ code: "forbidden", reason: "expired" })).toMatchObject({
      ...{ status: 403, code: "forbidden", message: "This viewer's access has expired.", retry: null },
    })
    for (const zapping of [true, false])
      expect(await told({ code: "viewer_limit", zapping })).toMatchObject({
        ...{ status: 429, code: "viewer_limit", retry: "10" },
      })
    expect(await told({ code: "no_streamer" })).toMatchObject({
      status: 503,
      code: "no_streamer",
      retry: "5",
    })
    expect(await told(noCapacity(["full"]))).toMatchObject({ status: 503, code: "no_capacity", retry: "5" })
  })

  it("names the player's scheme where no streamer is reachable over it", async () => {
    const message =
      "No streamer is reachable over https right now, and players may not follow a redirect to another scheme."
    expect(await told({ code: "no_streamer", scheme: "https" })).toMatchObject({ status: 503, message })
    expect(await told({ code: "no_streamer" })).toMatchObject({
      message: "No streamer is running right now.",
    })
  })

  it("says that a streamer is being started, and when it will be there", async () => {
    const response = startingResponse(45)
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "45"])
    expect(await response.json()).toEqual({
      error: {
        ...{ code: "no_streamer", retryAfterSeconds: 45 },
        message: "A streamer is being started; ask again in 45 seconds.",
      },
    })
  })

  it.each([
    [0, "5"],
    [4_001, "5"],
    [5_001, "6"],
    [30_000, "30"],
    [1_800_000, "60"],
  ])("says to ask again after what is known, within limits: %i ms -> %s s", async (retryMs, retry) => {
    expect(await told(noCapacity(["blocked"], retryMs))).toMatchObject({ retry })
  })

  it.each([
    [["full"], "Every provider connection for this channel is in use."],
    [["banned", "elsewhere", "full"], "Every provider connection for this channel is in use."],
    [
      ["banned", "elsewhere"],
      "Every provider connection for this channel is in use, some by others than Tributary.",
    ],
    [["recovering"], "This channel cannot be opened right now: the store is recovering."],
    [
      ["blocked", "expired", "refused"],
      "This channel cannot be opened right now: an account has expired; " +
        "the provider refuses connections right now; a feed keeps failing and is left alone for a while.",
    ],
    [[], "No provider account can open this channel."],
    [["something new"], "No provider account can open this channel."],
  ])("names what is in the way: %j", async (reasons, message) => {
    expect(await told(noCapacity(reasons))).toMatchObject({ message })
  })
})
