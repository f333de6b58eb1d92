import type { AdmissionRequest } from "@tributary/shared/lease/admit"
import { leave } from "@tributary/shared/lease/end"
import { passwordCheck } from "@tributary/shared/secrets/password-check"
import { keys } from "@tributary/shared/store/keys"
import { verifyTicket } from "@tributary/shared/ticket"
import { beforeEach, describe, expect, it } from "vitest"
import { ask, publishChannels, startAfresh } from "../test-support/edge-under-test.ts"
import {
  addSources,
  addViewers,
  redis,
  registerStreamer,
  run,
  secretKeys,
  setSettings,
} from "../test-support/store.ts"
import { admitClick } from "./admit-click.ts"

const ann = "username=ann&password=secret"
const home = { headers: { "cf-connecting-ip": "203.0.113.7" } }

beforeEach(async () => {
  await startAfresh()
  await addViewers(
    { username: "ann", password: "secret" },
    { username: "one", password: "secret", maxStreams: 1 },
    { username: "bob", password: "b" },
  )
  const login = { username: "provider-login", password: "provider-secret" }
  await addSources({
    id: "acme",
    type: "m3u",
    url: "http://provider.example/list.m3u",
    maxStreams: 1,
    ...login,
  })
  await registerStreamer("near")
  await publishChannels("1", [
    { id: "101", name: "News" },
    { id: "102", name: "Sport" },
  ])
})

async function ticketOf(response: Response) {
  expect(response.status).toBe(302)
  const text = /\/live\/([^/]+)\.ts$/.exec(response.headers.get("location") ?? "")?.[1] ?? ""
  const result = await verifyTicket(secretKeys, text, Date.now() / 1000)
  if (!result.ok) throw new Error(result.code)
  return result.ticket
}

const heldLeases = () => redis.zrange<string[]>(keys.leases("acme"), 0, -1)

describe("a viewer who changes channel on an account of one connection", () => {
  it("takes the slot of the stream that they watch alone, which is closed first", async () => {
    const first = await ticketOf(await ask(`/stream/101?${ann}`, home))
    const second = await ticketOf(await ask(`/stream/102?${ann}`, home))
    expect(second).toMatchObject({ streamer: first.streamer, yielded: first.lease, ends: [first.session] })
    expect(await heldLeases()).toEqual([`primary/102/${second.lease}`])
    expect(await redis.zrange<string[]>(keys.sessions("ann"), 0, -1)).toEqual([second.session])
  })

  it("takes nothing from a stream that somebody else watches too", async () => {
    await ticketOf(await ask(`/stream/101?${ann}`, home))
    await ticketOf(await ask("/stream/101?username=bob&password=b"))
    const response = await ask(`/stream/102?${ann}`, home)
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ error: { code: "no_capacity", retryAfterSeconds: 5 } })
  })

  it("takes nothing from anyone else", async () => {
    await ticketOf(await ask(`/stream/101?${ann}`, home))
    expect((await ask("/stream/102?username=bob&password=b", home)).status).toBe(503)
  })
})

describe("what a viewer leaves in the moment in which they come", () => {
  const request = async (channelId: string, username: string | null): Promise<AdmissionRequest> => ({
    lease: crypto.randomUUID(),
    session: crypto.randomUUID(),
    viewer:
      username === null ? null : { username, check: await passwordCheck(secretKeys, username, "secret") },
    address: "home",
    addressKnown: true,
    channelId,
    channel: {
      name: channelId,
      groups: [],
      feeds: [{ id: channelId, source: "acme", locator: { kind: "xtream", streamId: "1", extension: "ts" } }],
    },
    region: "",
  })
  const never = () => Promise.reject(new Error("nothing is to be waited for"))

  /** Plays a channel; gives what its streamer does when the player has gone. */
  async function playing(channelId: string, username: string | null) {
    const admitted = await admitClick(run, await request(channelId, username), never)
    if (admitted.code !== "open") throw new Error(admitted.code)
    const { lease, session, streamer, viewer } = admitted
    const nobody = { sessions: {}, crowd: null } as const
    return async () =>
      void (await leave(run, { streamer, viewer, member: session, key: channelId, lease, watchers: nobody }))
  }

  it("is waited for, where their own limit would refuse them", async () => {
    const gone = await playing("101", "one")
    const waits: number[] = []
    const admission = await admitClick(run, await request("102", "one"), async (milliseconds) => {
      if (waits.push(milliseconds) === 1) await gone()
    })
    expect(admission).toMatchObject({ code: "open", viewer: "one" })
    expect(waits).toEqual([200])
  })

  it("is waited for, where they have no login and the account is full", async () => {
    await setSettings({ publicPlaylist: true })
    const gone = await playing("101", null)
    const admission = await admitClick(run, await request("102", null), gone)
    expect(admission).toMatchObject({ code: "open" })
  })

  it("is waited for twice at most, and not by a HEAD", async () => {
    await playing("101", "one")
    const waits: number[] = []
    const wait = async (milliseconds: number) => void waits.push(milliseconds)
    expect(await admitClick(run, await request("102", "one"), wait)).toMatchObject({ code: "viewer_limit" })
    expect(waits).toEqual([200, 400])
    const dry = { ...(await request("102", "one")), dry: true }
    expect(await admitClick(run, dry, never)).toMatchObject({ code: "viewer_limit" })
  })

  it("is not waited for, when what is in the way is another device's", async () => {
    await playing("101", "one")
    const elsewhere = { ...(await request("102", "one")), address: "phone" }
    expect(await admitClick(run, elsewhere, never)).toMatchObject({ code: "viewer_limit" })
  })
})

describe("a channel that is live on another continent", () => {
  it("is relayed by a streamer of the viewer's own", async () => {
    await registerStreamer("far", { region: "AS" })
    const first = await ticketOf(await ask(`/stream/101?${ann}`, { cf: { continent: "EU" } as CfProperties }))
    expect(first).toMatchObject({ streamer: "near", relay: null })
    const asia = { cf: { continent: "AS" } as CfProperties }
    const second = await ticketOf(await ask("/stream/101?username=bob&password=b", asia))
    expect(second).toMatchObject({ streamer: "far", relay: "near", lease: first.lease })
  })
})
