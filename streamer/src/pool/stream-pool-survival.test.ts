import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { admit, isAdmitted } from "@tributary/shared/lease/admit"
import type { RunScript } from "@tributary/shared/lease/scripts"
import { keys } from "@tributary/shared/store/keys"
import type { StreamerRecord } from "@tributary/shared/store/records"
import { ticketFrom } from "@tributary/shared/ticket"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import { renderLoop, smallRecipe } from "../../../infra/local/demo-provider/loop-for-tests.ts"
import { channelId, channelOf, spare, ticketOf, until } from "./pool-fixture.ts"
import { startStreamer } from "./streamer-fixture.ts"
import { admitted, another, fresh, plays, playsOn, running, useWorld, watch, world } from "./test-pool.ts"

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })
useWorld()

const backup = { name: "Backup", ...spare, maxStreams: 1 }
const unbroken = { status: 200, ended: null, syncLosses: 0, ccErrors: 0, pcrJumps: 0, orphanPackets: 0 }
type Streamer = Awaited<ReturnType<typeof fresh>>
const connectionOf = (streamer: Streamer, channel = 1) =>
  streamer.pool.streams.get(channelId(channel))?.connection

/** A streamer whose calls of the store go through `around`. */
async function streamerWith(around: (run: RunScript) => RunScript): Promise<Streamer> {
  return running(await startStreamer({ ...world, run: around(world.run) }))
}

describe("a failover and the store", () => {
  it("is not undone by an answer that is lost: nothing is opened, or given up, until it is known", async () => {
    await world.reset({}, 1, [backup])
    let lost = 0
    const streamer = await streamerWith((run) => async (script, names, values) => {
      const reply = await run(script, names, values)
      if (script === "failOver" && lost < 2) {
        lost++
        throw new Error("the answer is lost")
      }
      return reply
    })
    const viewer = await watch(streamer, await admitted(1))
    await playsOn(viewer)
    world.provider.setFault(1, { kind: "end", running: true, account: "demo" })
    world.provider.setAccount("demo", { status: "Banned" })
    await until("an answer is lost", () => lost >= 1)
    await streamer.beat()
    await streamer.beat()
    expect(await playsOn(viewer)).toMatchObject(unbroken)
    world.provider.setAccount("demo", { status: "Active" })
    expect([lost, streamer.lost, await world.leases()]).toEqual([2, [], 1])
    expect([world.tally("spare"), world.tally()]).toMatchObject([{ active: 1, opened: 1 }, { active: 0 }])
    expect(await streamer.beat()).toBe(true)
    expect(streamer.lost).toEqual([])
  })

  it("goes on when the store has lost its data a moment before", async () => {
    const streamer = await fresh()
    const viewer = await watch(streamer, await admitted(8))
    await playsOn(viewer)
    await world.redis.del(keys.live, keys.epoch, keys.leases("demo"))
    world.provider.setFault(1, { kind: "end", running: true })
    await until("it has failed over", () => connectionOf(streamer, 8)?.feed === "second")
    expect(await playsOn(viewer)).toMatchObject(unbroken)
    expect([streamer.lost, await world.leases()]).toEqual([[], 1])
  })

  it("does not wait for an account that refuses while another one has room", async () => {
    const streamer = await fresh({}, 1, [backup])
    const viewer = await watch(streamer, await admitted(1))
    await playsOn(viewer, 2.5)
    world.provider.setFault(1, { kind: "end", running: true, account: "demo" })
    world.provider.setAccount("demo", { status: "Banned" })
    const from = performance.now()
    await until("it has failed over", () => streamer.pool.streams.get(channelId(1))?.report().failovers === 1)
    // It was 5.6 s: the provider was asked again as if it only had not noticed a connection's end.
    expect(performance.now() - from).toBeLessThan(3_000)
    world.provider.setAccount("demo", { status: "Active" })
    expect(await playsOn(viewer)).toMatchObject(unbroken)
  })

  it("ends at once when its stream is closed, whoever does not answer", async () => {
    await world.reset()
    let isHanging = false
    const hanging = (id: string) =>
      isHanging ? new Promise<null>(() => undefined) : channelOf(Number(id.replace("channel-", "")))
    const streamer = running(await startStreamer(world, "", hanging))
    const viewer = await watch(streamer, await admitted(1))
    await playsOn(viewer)
    isHanging = true
    world.provider.setFault(1, { kind: "end", running: true })
    const stream = streamer.pool.streams.get(channelId(1))
    await until("it fails", () => stream?.report().state === "failing")
    const from = performance.now()
    await stream?.close("stopped")
    expect(performance.now() - from).toBeLessThan(5_000)
    expect((await viewer.ended).ended).toBe("end")
    await until("its slot is free", async () => (await world.leases()) === 0)
  })
})

describe("an origin of a relay", () => {
  const overseas = async (channel: number) =>
    ticketOf(await world.admit(channel, null, "NA", "overseas"), channel)

  it("that is cut off from the one that relays, but not from the store, is fed from there", async () => {
    const europe = await fresh()
    const america = await another("NA")
    const near = await watch(europe, await admitted(1))
    await playsOn(near)
    const ticket = await overseas(1)
    expect(ticket.relay).toBe(europe.streamer)
    const text = await world.redis.hget<string>(keys.streamers, europe.streamer)
    const record = { ...(JSON.parse(text ?? "") as StreamerRecord), internalAddress: "http://127.0.0.1:1" }
    await world.redis.hset(keys.streamers, { [europe.streamer]: JSON.stringify(record) })
    const far = await watch(america, ticket)
    await until("it is taken over", async () => (await world.liveRecord(1))?.streamer === america.streamer)
    await europe.beat()
    await until("the origin relays", () => connectionOf(europe)?.relay === america.streamer)
    await until("the other one has its own", () => connectionOf(america)?.relay === null)
    for (const viewer of [near, far]) expect(await playsOn(viewer, 2)).toMatchObject(unbroken)
    await until("one connection is left", () => world.active() === 1)
    expect([await world.leases(), world.tally().peak]).toEqual([1, 1])
  })

  it("that takes its time to open the channel keeps its connection", async () => {
    const europe = await fresh({ stallTimeout: "1s" })
    const america = await another("NA")
    // The provider refuses for as long as it has not noticed that the last connection is gone.
    world.provider.setSettings({ releaseLagMs: 2_500 })
    const last = await watch(europe, await admitted(2))
    await plays(last)
    await last.close()
    await until("it is idle", async () => (await world.liveRecord(2))?.idleSince != null)
    const first = await admitted(1)
    const near = await watch(europe, first)
    const far = await watch(america, await overseas(1))
    await Promise.all([near, far].map((viewer) => viewer.waitFor((report) => report.keyframes > 0, 12_000)))
    expect(connectionOf(europe)?.lease).toBe(first.lease)
    expect(await world.leases()).toBe(1)
  })
})

describe("a feed whose provider says that it is over", () => {
  it("is followed by the next one, and never begun again", async () => {
    const { bytes } = await renderLoop(smallRecipe)
    let segments = 0
    const server = createServer((request, response) => {
      if (request.url?.endsWith(".m3u8")) {
        const lines = ["#EXTM3U", "#EXT-X-TARGETDURATION:10", "#EXTINF:9.6,", "one.ts", "#EXT-X-ENDLIST", ""]
        response.writeHead(200, { "content-type": "application/vnd.apple.mpegurl" }).end(lines.join("\n"))
        return
      }
      segments++
      response.writeHead(200, { "content-type": "video/mp2t" }).end(bytes)
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    await world.reset({}, 2)
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/list.m3u8`
    const over = { id: "over", source: "demo", locator: { kind: "url", template: address } as const }
    const channel = { ...channelOf(2), feeds: [over, ...channelOf(2).feeds] }
    const streamer = running(await startStreamer(world, "", () => channel))
    const admission = await admit(world.run, {
      ...{ lease: "L", session: "S", viewer: null, address: "sofa", region: "" },
      ...{ channelId: channelId(2), channel },
    })
    if (!isAdmitted(admission)) throw new Error("refused")
    const viewer = await watch(streamer, ticketFrom(admission, channelId(2)))
    await until("it goes on", () => connectionOf(streamer, 2)?.feed === "feed-2", 15_000)
    expect(await playsOn(viewer, 2)).toMatchObject(unbroken)
    streamer.pool.streams.get(channelId(2))?.failOver()
    await until("it has come back", () => streamer.pool.streams.get(channelId(2))?.report().failovers === 2)
    expect([segments, connectionOf(streamer, 2)?.feed]).toEqual([1, "feed-2"])
  })
})
