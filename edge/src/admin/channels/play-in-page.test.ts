import type { ChannelGroups, ChannelGuide, Playing } from "@tributary/shared/admin-api/channels"
import { keys } from "@tributary/shared/store/keys"
import { verifyTicket } from "@tributary/shared/ticket"
import { beforeEach, describe, expect, it } from "vitest"
import { errorCode, publishChannels, startAfresh } from "../../test-support/edge-under-test.ts"
import { addSources, redis, registerStreamer, secretKeys } from "../../test-support/store.ts"
import { askAsAdmin } from "../admin-fixture.ts"

const channel = { id: "100000101", name: "News", groups: ["World"] }
const movie = { id: "100000201", name: "Movie", kind: "movie" } as const

beforeEach(async () => {
  await startAfresh()
  const login = { username: "provider-login", password: "provider-secret" }
  await addSources({ id: "acme", type: "xtream", url: "http://provider.example", maxStreams: 1, ...login })
  await registerStreamer("one")
  await publishChannels("1", [channel, movie])
})

const play = (id: string, query = "") => askAsAdmin(`/channels/${id}/play${query}`, "POST")

async function playing(id: string, query = "") {
  const response = await play(id, query)
  expect(response.status, await response.clone().text()).toBe(200)
  const { url } = await response.json<Playing>()
  const [, folder, text = "", extension] = /\/(live|vod)\/([^/]+)\.([a-z0-9]+)$/.exec(url) ?? []
  const result = await verifyTicket(secretKeys, text, Date.now() / 1000)
  if (!result.ok) throw new Error(result.code)
  return { folder, extension, ticket: result.ticket }
}

describe("POST /api/channels/{id}/play", () => {
  it("gives the address of a channel as HLS, though the playlist is not public and nobody logged in", async () => {
    const { folder, extension, ticket } = await playing(channel.id)
    expect([folder, extension]).toEqual(["live", "m3u8"])
    expect(ticket).toMatchObject({ channel: channel.id, viewer: null, transcode: null })
    expect(await redis.zcard(keys.leases("acme"))).toBe(1)
  })

  it("joins what runs already", async () => {
    const first = await playing(channel.id)
    const second = await playing(channel.id)
    expect(second.ticket.lease).toBe(first.ticket.lease)
  })

  it("plays a movie as the file it is, and a channel in another quality", async () => {
    expect(await playing(movie.id)).toMatchObject({ folder: "vod" })
    await redis.del(keys.leases("acme"), keys.live)
    expect((await playing(channel.id, "?profile=480p")).ticket.transcode).toBe("480p")
  })

  it("says why it cannot be played", async () => {
    expect(await errorCode(await play("100000999"))).toBe("unknown_channel")
    expect(await errorCode(await play("News"))).toBe("unknown_channel")
    expect(await errorCode(await play(channel.id, "?profile=none"))).toBe("unknown_profile")
    await redis.del(keys.streamers)
    expect(await errorCode(await play(channel.id))).toBe("no_streamer")
  })
})

describe("what a channel's page shows besides", () => {
  it("lists the groups of what is published", async () => {
    const { groups } = await (await askAsAdmin("/channels/groups")).json<ChannelGroups>()
    expect(groups).toContainEqual({ name: "World", slug: "world", kind: "live", entries: 1 })
  })

  it("has no programmes of a channel without a guide, and none of what is not there", async () => {
    const guide = await askAsAdmin(`/channels/${channel.id}/guide`)
    expect(await guide.json<ChannelGuide>()).toEqual({ programmes: [] })
    expect(await errorCode(await askAsAdmin("/channels/100000999/guide"))).toBe("unknown_channel")
  })
})
