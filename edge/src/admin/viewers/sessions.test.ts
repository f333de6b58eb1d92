import { type ViewerSession, viewerSessionsSchema } from "@tributary/shared/admin-api/viewers"
import { keys } from "@tributary/shared/store/keys"
import type { LiveRecord } from "@tributary/shared/store/records"
import { verifyTicket } from "@tributary/shared/ticket"
import { beforeEach, describe, expect, it } from "vitest"
import { ask as askEdge, publishChannels, startAfresh } from "../../test-support/edge-under-test.ts"
import {
  addSources,
  addViewers,
  redis,
  registerStreamer,
  secretKeys,
  storeContents,
} from "../../test-support/store.ts"
import { askAsAdmin } from "../admin-fixture.ts"

const past = { days: 7 }

beforeEach(async () => {
  await startAfresh()
  await addSources({ id: "acme", type: "xtream", url: "http://acme.example", username: "u", password: "p" })
  await addViewers({ username: "ann", password: "a" }, { username: "bob", password: "b" })
  await registerStreamer("one")
  await publishChannels("played", [
    { id: "100000101", name: "News", catchupDays: past.days },
    { id: "100000201", name: "Heat", kind: "movie" },
  ])
})

/** A player that follows what it is given: the session's member. */
async function click(path: string, address = "192.0.2.1"): Promise<string> {
  const response = await askEdge(path, { headers: { "cf-connecting-ip": address } })
  const location = response.headers.get("location") ?? ""
  const text = /\/(?:live|vod)\/([^/]+)\.[a-z0-9]+$/.exec(location)?.[1] ?? ""
  const verified = await verifyTicket(secretKeys, text, Date.now() / 1000)
  if (!verified.ok) throw new Error(`no ticket: ${response.status} ${await response.text()}`)
  return verified.ticket.session
}
const news = "/stream/100000101?username=ann&password=a"

async function sessions(username = "ann"): Promise<ViewerSession[]> {
  const response = await askAsAdmin(`/viewers/${username}/sessions`)
  return viewerSessionsSchema.parse(await response.json())
}
const end = async (id: string, username = "ann") => {
  const response = await askAsAdmin(`/viewers/${username}/sessions/${id}`, "DELETE")
  return [response.status, await response.json()]
}
const members = () => redis.zrange<string[]>(keys.sessions("ann"), 0, -1)

describe("GET /api/viewers/{username}/sessions", () => {
  it("says what plays, as what, where, since when and from how many addresses", async () => {
    const before = Date.now()
    const start = new Date(Date.now() - 7_200_000)
      .toISOString()
      .slice(0, 16)
      .replace("T", ":")
      .replace(/:(\d\d)$/, "-$1")
    await click(news)
    await click("/movie/ann/a/100000201.mkv")
    await click(`/timeshift/ann/a/30/${start}/100000101.ts`, "192.0.2.2")
    await click("/stream/100000101?username=bob&password=b")
    const list = await sessions()
    const shown = new Map(list.map(({ kind, ...rest }) => [kind, rest]))
    expect(list).toHaveLength(3)
    expect(shown.get("live")).toMatchObject({ channel: "100000101", channelName: "News", streamer: "one" })
    expect(shown.get("movie")).toMatchObject({ channel: "100000201", channelName: "Heat", streamer: "one" })
    expect(shown.get("catchup")).toMatchObject({ channel: "100000101", channelName: "News", streamer: "one" })
    for (const { since } of list) expect(Math.abs(since - before)).toBeLessThan(10_000)
    expect(list.map(({ since }) => since)).toEqual(list.map(({ since }) => since).sort((a, b) => b - a))
    expect(shown.get("live")?.addressDigest).toBe(shown.get("movie")?.addressDigest)
    expect(shown.get("live")?.addressDigest).not.toBe(shown.get("catchup")?.addressDigest)
    expect(new Set(list.map(({ id }) => id)).size).toBe(3)
  })

  it("says of a crowd's where it is, when that is known", async () => {
    await click(news)
    const live = JSON.parse((await redis.hget<string>(keys.live, "100000101")) ?? "") as LiveRecord
    const put = (change: Partial<LiveRecord>) =>
      redis.hset(keys.live, { "100000101": JSON.stringify({ ...live, watchers: {}, ...change }) })
    await put({ crowds: { two: 20 } })
    expect(await sessions()).toMatchObject([{ streamer: "two" }])
    await put({ crowds: { two: 20, three: 9 } })
    expect(await sessions()).toMatchObject([{ streamer: null }])
    await redis.del(keys.live)
    expect(await sessions()).toMatchObject([{ streamer: null, channelName: "News" }])
  })

  it("names nothing that the catalogue does not have any more", async () => {
    await click(news)
    await publishChannels("without", [{ id: "100000201", name: "Heat", kind: "movie" }])
    expect(await sessions()).toMatchObject([{ channel: "100000101", channelName: null, kind: null }])
  })

  it("is empty for one who plays nothing, and 404 for one who is not there", async () => {
    expect(await sessions("bob")).toEqual([])
    expect((await askAsAdmin("/viewers/eve/sessions")).status).toBe(404)
  })
})

describe("DELETE /api/viewers/{username}/sessions/{session}", () => {
  it("ends that session and no other; a new click is let in", async () => {
    const first = await click(news)
    const second = await click(news, "192.0.2.2")
    const one = (await sessions()).find(({ id }) => id === first.replaceAll("/", "~"))
    expect(await end(one?.id ?? "")).toEqual([200, { ended: true }])
    expect(await members()).toEqual([second])
    const live = JSON.parse((await redis.hget<string>(keys.live, "100000101")) ?? "") as LiveRecord
    expect(Object.keys(live.watchers)).toEqual([second])
    const third = await click(news)
    expect(new Set(await members())).toEqual(new Set([second, third]))
  })

  it.each(["nothing", "a~100000101~c~1", "%2F", "a~b~c~d~1"])("refuses what is none: %s", async (id) => {
    await click(news)
    const before = await storeContents()
    expect((await end(id))[0]).toBe(404)
    expect(await storeContents()).toEqual(before)
  })

  it("refuses another viewer's", async () => {
    const session = await click(news)
    expect((await end(session.replaceAll("/", "~"), "bob"))[0]).toBe(404)
    expect(await members()).toEqual([session])
  })
})

describe("a change of a viewer", () => {
  it.each([
    ["DELETE", undefined],
    ["PATCH", { enabled: false }],
    ["PATCH", { expiresAt: "2020-01-01T00:00:00Z" }],
    ["PATCH", { password: "next" }],
  ])("ends all of their sessions: %s %j", async (method, body) => {
    await click(news)
    await click(news, "192.0.2.2")
    expect((await askAsAdmin("/viewers/ann", method, body)).status).toBe(200)
    expect(await members()).toEqual([])
  })
})
