import { keys } from "@tributary/shared/store/keys"
import { verifyTicket } from "@tributary/shared/ticket"
import { beforeEach, describe, expect, it } from "vitest"
import { ask, askAt, basic, publishChannels, startAfresh } from "../test-support/edge-under-test.ts"
import {
  addSources,
  addViewers,
  redis,
  registerStreamer,
  secretKeys,
  storeContents,
  storeRoundTrips,
} from "../test-support/store.ts"

const ann = "username=ann&password=secret"

beforeEach(async () => {
  await startAfresh()
  await addViewers({ username: "ann", password: "secret" }, { username: "bob", password: "b" })
  const login = { username: "provider-login", password: "provider-secret" }
  await addSources({
    id: "acme",
    type: "m3u",
    url: "http://provider.example/list.m3u",
    maxStreams: 1,
    ...login,
  })
  await registerStreamer("one")
  await publishChannels("1", [
    { id: "101", name: "News" },
    { id: "102", name: "AC/DC 100% Rock & Roll?" },
    { id: "103", name: "Clips.ts" },
    { id: "104", name: "Ümläut 日本 #1" },
    { id: "105", name: "Clips" },
    { id: "106", name: "List.m3u8" },
    { id: "108", name: "Only.ts" },
    { id: "107", name: "50%25 off" },
  ])
})

/** The ticket of a redirect, checked as a streamer checks it. */
async function ticketOf(response: Response) {
  expect(response.status).toBe(302)
  const location = new URL(response.headers.get("location") ?? "")
  const text = /^\/live\/([^/]+)\.ts$/.exec(location.pathname)?.[1] ?? ""
  const result = await verifyTicket(secretKeys, text, Date.now() / 1000)
  if (!result.ok) throw new Error(result.code)
  return { origin: location.origin, ...result }
}

describe("a click", () => {
  it("is redirected to the streamer with a ticket for this channel and viewer", async () => {
    const response = await ask(`/stream/101.ts?${ann}`)
    expect(response.headers.get("cache-control")).toBe("no-store")
    const { origin, ticket, issuedAtSeconds } = await ticketOf(response)
    expect(origin).toBe("https://one.streamers.example")
    expect(Math.abs(issuedAtSeconds - Date.now() / 1000)).toBeLessThan(10)
    expect(ticket).toMatchObject({
      channel: "101",
      streamer: "one",
      source: "acme",
      profile: "primary",
      feed: "feed-101-acme",
      viewer: "ann",
      yielded: null,
    })
    const held = await redis.zrange<string[]>(keys.leases("acme"), 0, -1)
    expect(held).toEqual([`primary/101/${ticket.lease}`])
    expect(await redis.zrange<string[]>(keys.sessions("ann"), 0, -1)).toEqual([ticket.session])
  })

  it("joins the stream that runs already, with a session of its own", async () => {
    const first = await ticketOf(await ask(`/stream/101.ts?${ann}`))
    const second = await ticketOf(await ask("/stream/101.ts", { headers: basic("bob", "b") }))
    expect(second.ticket.lease).toBe(first.ticket.lease)
    expect(second.ticket.viewer).toBe("bob")
    expect(second.ticket.session).not.toBe(first.ticket.session)
  })

  it("goes to a streamer of the viewer's continent", async () => {
    await registerStreamer("far", { region: "AS", viewers: 9 })
    const response = await ask(`/stream/101.ts?${ann}`, { cf: { continent: "AS" } as CfProperties })
    expect((await ticketOf(response)).ticket.streamer).toBe("far")
  })

  it("by the base URL's host goes to a streamer of its scheme, though a proxy before the edge ended TLS", async () => {
    await registerStreamer("plain", { address: "http://plain.streamers.example" })
    for (const base of ["https://tv.example", "http://tv.example"])
      expect((await ticketOf(await askAt(base, `/stream/101?${ann}`))).origin).toMatch(/^https:/)
  })

  it("by another host goes to a streamer of the scheme it came by, which relays a channel that runs elsewhere", async () => {
    await registerStreamer("plain", { address: "http://plain.streamers.example" })
    await ticketOf(await ask(`/stream/101?${ann}`))
    const lan = await ticketOf(await askAt("http://192.168.1.2:8080", "/stream/101?username=bob&password=b"))
    expect(lan.origin).toBe("http://plain.streamers.example")
    expect(lan.ticket).toMatchObject({ streamer: "plain", relay: "one" })
  })

  it("is told when no streamer is reachable over its scheme, whatever it says of itself", async () => {
    const headers = { "x-forwarded-proto": "https" }
    const response = await askAt("http://192.168.1.2:8080", `/stream/101?${ann}`, { headers })
    expect(response.status).toBe(503)
    const { error } = await response.json<{ error: { code: string; message: string } }>()
    expect(error.code).toBe("no_streamer")
    expect(error.message).toContain("No streamer is reachable over http ")
  })

  it.each([
    ["101", "101"],
    ["101.ts", "101"],
    ["101.TS", "101"],
    ["news", "101"],
    ["News.ts", "101"],
    [encodeURIComponent("AC/DC 100% Rock & Roll?"), "102"],
    [`${encodeURIComponent("ac/dc 100% rock & roll?")}.ts`, "102"],
    [encodeURIComponent("Ümläut 日本 #1"), "104"],
    ["Clips.ts.ts", "103"],
    // A name as it is goes after the name without what may be an extension.
    ["Clips.ts", "105"],
    ["Only.ts", "108"],
    ["List.m3u8", "106"],
    ["List.m3u8.ts", "106"],
    [encodeURIComponent("50%25 off"), "107"],
  ])("on %s finds channel %s", async (text, channel) => {
    expect((await ticketOf(await ask(`/stream/${text}?${ann}`))).ticket.channel).toBe(channel)
  })

  it("costs one round trip to the store once the script is loaded", async () => {
    await (await ask(`/stream/101?${ann}`)).body?.cancel()
    const before = await storeRoundTrips()
    await ticketOf(await ask(`/stream/101?${ann}`))
    expect(await storeRoundTrips()).toBe(before + 1)
  })

  it("finds its way when the store has lost the script", async () => {
    await redis.scriptFlush()
    await ticketOf(await ask(`/stream/101?${ann}`))
  })
})

describe("HEAD", () => {
  it("answers as GET would and changes nothing in the store", async () => {
    const before = await storeContents()
    const head = await ask(`/stream/101.ts?${ann}`, { method: "HEAD" })
    expect((await ticketOf(head)).ticket.channel).toBe("101")
    expect(await storeContents()).toEqual(before)
    await ticketOf(await ask(`/stream/101.ts?${ann}`))
    // The proof that a change is seen at all.
    expect(await storeContents()).not.toEqual(before)
  })

  it("gives no right to anything: what it was told has not happened", async () => {
    await ticketOf(await ask(`/stream/101?${ann}`))
    const { ticket } = await ticketOf(await ask(`/stream/105?${ann}`, { method: "HEAD" }))
    expect(ticket).toMatchObject({ channel: "105", lease: "", yielded: null, ends: [], at: 0 })
  })

  it("tells of a full source without taking the place of anyone", async () => {
    await ticketOf(await ask(`/stream/101?${ann}`))
    const before = await storeContents()
    expect((await ask("/stream/105?username=bob&password=b", { method: "HEAD" })).status).toBe(503)
    expect(await storeContents()).toEqual(before)
  })
})
