import { describe, expect, it } from "vitest"
import { signTicket } from "../ticket.ts"
import { deriveKeys } from "./keys.ts"
import { isTierCall, tierAuthorization } from "./tier-token.ts"

const keys = await deriveKeys("a secret of an installation, long enough")
const otherKeys = await deriveKeys("a secret of an installation, long enougj")
const now = 1_800_000_000

describe("a call between the tiers", () => {
  it("is known by its token, at the tier it is for only", async () => {
    const toEdge = await tierAuthorization(keys, "edge-internal", now)
    expect(toEdge).toMatch(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/)
    expect(await isTierCall(keys, "edge-internal", toEdge, now)).toBe(true)
    expect(await isTierCall(keys, "streamer-internal", toEdge, now)).toBe(false)
    const toStreamer = await tierAuthorization(keys, "streamer-internal", now)
    expect(await isTierCall(keys, "streamer-internal", toStreamer, now)).toBe(true)
    expect(await isTierCall(keys, "edge-internal", toStreamer, now)).toBe(false)
  })

  it("may come from a clock that is five minutes off, and ends soon after", async () => {
    const token = await tierAuthorization(keys, "edge-internal", now)
    const at = (offset: number) => isTierCall(keys, "edge-internal", token, now + offset)
    expect(await Promise.all([-3600, -300, 59, 300, 359].map(at))).toEqual([true, true, true, true, true])
    expect(await Promise.all([361, 3600].map(at))).toEqual([false, false])
  })

  it("is not accepted from another installation, altered, or without a token", async () => {
    const foreign = await tierAuthorization(otherKeys, "edge-internal", now)
    const token = await tierAuthorization(keys, "edge-internal", now)
    const altered = token.replace(/\.([\w-])/, (_, first) => `.${first === "A" ? "B" : "A"}`)
    const bare = token.slice("Bearer ".length)
    for (const text of [foreign, altered, bare, `Basic ${bare}`, "Bearer ", "Bearer x", "", null, undefined])
      expect(await isTierCall(keys, "edge-internal", text, now)).toBe(false)
  })

  it("cannot be made with a viewer's ticket", async () => {
    const ids = { channel: "1", key: "1", streamer: "s", lease: "l", source: "a", profile: "p", feed: "f" }
    const nothing = { yielded: null, relay: null, relayTo: null, ends: [], failing: false, at: 0 }
    const wanted = { transcode: null, catchup: null, viewer: "ann", session: "x" }
    const ticket = await signTicket(keys, { ...ids, ...nothing, ...wanted }, now)
    expect(await isTierCall(keys, "streamer-internal", `Bearer ${ticket}`, now)).toBe(false)
    expect(await isTierCall(keys, "edge-internal", `Bearer ${ticket}`, now)).toBe(false)
  })
})
