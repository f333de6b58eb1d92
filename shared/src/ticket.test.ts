import { SignJWT, UnsecuredJWT } from "jose"
import { describe, expect, it } from "vitest"
import { deriveKeys } from "./secrets/keys.ts"
import { tierAuthorization } from "./secrets/tier-token.ts"
import { signTicket, type Ticket, ticketFrom, ticketSeconds, verifyTicket } from "./ticket.ts"

const keys = await deriveKeys("a secret of an installation, long enough")
const otherKeys = await deriveKeys("a secret of an installation, long enougj")
const now = 1_800_000_000
const ticket: Ticket = {
  channel: "123456789",
  key: "123456789",
  streamer: "streamer-1",
  lease: "lease-1",
  source: "acme",
  profile: "primary",
  feed: "f00d",
  viewer: "ann",
  session: "digest/123456789/id/1800000000000",
  yielded: null,
  relay: null,
  relayTo: null,
  ends: [],
  failing: false,
  transcode: null,
  catchup: null,
  at: 0,
}

/** What tickets did not say at first; players still hold such ones. */
const laterFields = new Set(["relay", "relayTo", "ends", "failing", "transcode", "catchup", "at"])

const bad = { ok: false, code: "bad_ticket" }

describe("a ticket", () => {
  it("says at the streamer what the edge decided, and when", async () => {
    const publicTicket = { ...ticket, viewer: null, yielded: "lease-0" }
    const farTicket = {
      ...ticket,
      relay: "streamer-2",
      ends: ["a/1/x/5", "b/2/y/6"],
      failing: true,
      at: 5e12,
    }
    const relaysTicket = { ...ticket, relayTo: "streamer-3" }
    for (const signed of [ticket, publicTicket, farTicket, relaysTicket])
      expect(await verifyTicket(keys, await signTicket(keys, signed, now), now + 5)).toEqual({
        ok: true,
        ticket: signed,
        issuedAtSeconds: now,
      })
  })

  it("that is older and says less is still good, with nothing of what it does not say", async () => {
    const older = Object.entries(ticket).filter(([key]) => !laterFields.has(key))
    const signed = await signTicket(keys, Object.fromEntries(older) as Ticket, now)
    expect(await verifyTicket(keys, signed, now)).toEqual({ ok: true, ticket, issuedAtSeconds: now })
  })

  it("says what was admitted, and no address", async () => {
    const { channel, relayTo, ...ids } = {
      ...ticket,
      relay: "streamer-2",
      ends: ["a/1/x/5"],
      failing: true,
      at: 5,
    }
    const admitted = { ...ids, code: "join" as const, address: "http://streamer-1.example", skipped: [] }
    expect(ticketFrom(admitted, channel)).toEqual({ ...ids, channel, relayTo })
    const wanted = { transcode: "480p", catchup: { start: 1_700_000_000, seconds: 3600 } }
    expect(ticketFrom(admitted, channel, wanted)).toEqual({ ...ids, channel, relayTo, ...wanted })
  })

  it("can stand in a path as it is", async () => {
    expect(await signTicket(keys, ticket, now)).toMatch(/^[\w.-]+$/)
  })

  it("lasts six hours, give or take a minute between clocks", async () => {
    const text = await signTicket(keys, ticket, now)
    const at = async (offset: number) => {
      const result = await verifyTicket(keys, text, now + offset)
      return result.ok ? "ok" : result.code
    }
    expect(await at(-600)).toBe("ok")
    expect(await at(ticketSeconds + 59)).toBe("ok")
    expect(await at(ticketSeconds + 61)).toBe("ticket_expired")
  })

  it("is bad when any part of it was changed", async () => {
    const text = await signTicket(keys, ticket, now)
    const [head = "", body = "", signature = ""] = text.split(".")
    const richer = btoa(JSON.stringify({ ...ticket, channel: "2", aud: "streamer", exp: now + 60 })).replace(
      /=+$/,
      "",
    )
    const flipped = (part: string) => (part.startsWith("A") ? "B" : "A") + part.slice(1)
    const changes = [
      [flipped(head), body, signature],
      [head, flipped(body), signature],
      [head, body, flipped(signature)],
      [head, richer, signature],
      [head, body, ""],
      [head, body],
      [text, "x"],
    ]
    for (const parts of changes) expect(await verifyTicket(keys, parts.join("."), now)).toEqual(bad)
    for (const nonsense of ["", "x", "..", "a.b.c"])
      expect(await verifyTicket(keys, nonsense, now)).toEqual(bad)
  })

  it("is bad from another installation, even when it also expired", async () => {
    expect(await verifyTicket(keys, await signTicket(otherKeys, ticket, now), now)).toEqual(bad)
    expect(await verifyTicket(keys, await signTicket(otherKeys, ticket, 0), now)).toEqual(bad)
  })

  it("is bad without a signature, whatever it says of itself", async () => {
    const unsigned = new UnsecuredJWT({ ...ticket })
      .setAudience("streamer")
      .setExpirationTime(now + 60)
      .encode()
    expect(await verifyTicket(keys, unsigned, now)).toEqual(bad)
  })

  it("is bad when it was made for somebody else, or signed in another way", async () => {
    const made = (audience: string, alg = "HS256", payload: object = ticket) =>
      new SignJWT({ ...payload })
        .setProtectedHeader({ alg })
        .setAudience(audience)
        .setIssuedAt(now)
        .setExpirationTime(now + 60)
        .sign(keys.signing)
    expect(await verifyTicket(keys, await made("streamer"), now)).toMatchObject({ ok: true })
    expect(await verifyTicket(keys, await made("edge"), now)).toEqual(bad)
    expect(await verifyTicket(keys, await made("streamer", "HS512"), now)).toEqual(bad)
    const call = await tierAuthorization(keys, "streamer-internal", now)
    expect(await verifyTicket(keys, call.slice("Bearer ".length), now)).toEqual(bad)
    const needed = Object.keys(ticket).filter((key) => !laterFields.has(key))
    expect(needed).toHaveLength(10)
    for (const key of needed) {
      const { [key as keyof Ticket]: _, ...incomplete } = ticket
      expect(await verifyTicket(keys, await made("streamer", "HS256", incomplete), now)).toEqual(bad)
    }
    expect(await verifyTicket(keys, await made("streamer", "HS256", { ...ticket, lease: 5 }), now)).toEqual(
      bad,
    )
  })
})
