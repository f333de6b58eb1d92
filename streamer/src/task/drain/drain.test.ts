import { keys } from "@tributary/shared/store/keys"
import type { StreamerRecord } from "@tributary/shared/store/records"
import { describe, expect, it, vi } from "vitest"
import { openPlayer } from "../../../../infra/e2e/player/play.ts"
import { channelId, until } from "../../pool/pool-fixture.ts"
import {
  admitted,
  another,
  fresh,
  players,
  plays,
  playsOn,
  unbroken,
  useWorld,
  watch,
  world,
} from "../../pool/test-pool.ts"

vi.setConfig({ testTimeout: 40_000, hookTimeout: 60_000 })
useWorld()

const recordOf = async (streamer: string) => {
  const text = await world.redis.hget<string>(keys.streamers, streamer)
  return text === null ? null : (JSON.parse(text) as StreamerRecord)
}
const connectionOf = (streamer: Awaited<ReturnType<typeof fresh>>) =>
  streamer.pool.streams.get(channelId(1))?.connection
const isOver = (promise: Promise<void>) => {
  const state = { over: false }
  void promise.then(() => {
    state.over = true
  })
  return () => state.over
}
/** The player that comes again by the address that it has. */
function comeAgain(address: string) {
  const player = openPlayer(address)
  players.push(player)
  return player
}

describe("a streamer that drains", () => {
  it("has its viewers come again elsewhere, in their session and on the one connection", async () => {
    const leaving = await fresh({ poolGrace: "50ms" })
    const ticket = await admitted(1, "ann")
    const player = await watch(leaving, ticket)
    await playsOn(player)
    const staying = await another()
    const gone = isOver(leaving.drain())
    const { ended, finalUrl, partialPacketBytes, ccErrors } = await player.ended
    expect({ ended, partialPacketBytes, ccErrors }).toEqual({
      ended: "error",
      partialPacketBytes: 0,
      ccErrors: 0,
    })
    const again = comeAgain(finalUrl)
    await plays(again)
    expect(again.report().finalUrl.startsWith(staying.address)).toBe(true)
    expect(connectionOf(staying)?.relay).toBe(leaving.streamer)
    await until("the connection is handed over", () => connectionOf(staying)?.relay === null, 10_000)
    await until("nothing is left", gone)
    expect(await playsOn(again)).toMatchObject({ ...unbroken, startsOnKeyframe: true })
    expect(await world.sessions("ann")).toEqual([ticket.session])
    expect(await world.liveRecord(1)).toMatchObject({ streamer: staying.streamer, idleSince: null })
    expect(world.tally()).toMatchObject({ active: 1, peak: 1, opened: 2 })
  })

  it("gives what others relay from it to them, at once", async () => {
    const leaving = await fresh({ poolGrace: "10s" })
    const first = await watch(leaving, await admitted(1, "ann"))
    await plays(first)
    const near = await another("AS")
    const relayed = await watch(near, await admitted(1, "bob", "AS"))
    await playsOn(relayed)
    await first.close()
    await until("they have left", () => leaving.pool.viewers === 1)
    const gone = isOver(leaving.drain())
    await until("nothing is left", gone, 3_000)
    expect(await playsOn(relayed)).toMatchObject(unbroken)
    expect(connectionOf(near)?.relay).toBeNull()
    expect(world.tally()).toMatchObject({ active: 1, peak: 1, opened: 2 })
  })

  it("keeps the connection for viewers who are on their way", async () => {
    const leaving = await fresh({ poolGrace: "50ms" })
    const player = await watch(leaving, await admitted(1, "ann"))
    await plays(player)
    const staying = await another()
    void leaving.drain()
    const { finalUrl } = await player.ended
    expect(await world.admit(2, "bob", "", "elsewhere")).toMatchObject({ code: "no_capacity" })
    await leaving.beat()
    expect(await world.admit(2, "bob", "", "elsewhere")).toMatchObject({ code: "no_capacity" })
    await plays(comeAgain(finalUrl))
    await until("the connection is handed over", () => connectionOf(staying)?.relay === null, 10_000)
    expect(await world.admit(2, "bob", "", "elsewhere")).toMatchObject({ code: "no_capacity" })
  })

  it("takes nobody new, except who finds no other streamer", async () => {
    const leaving = await fresh({ poolGrace: "50ms" }, 2)
    const player = await watch(leaving, await admitted(1, "ann"))
    await plays(player)
    const late = await admitted(2, "bob")
    const gone = isOver(leaving.drain())
    await until("it is known", async () => (await recordOf(leaving.streamer))?.draining === true)
    expect(await world.admit(2, "bob", "", "elsewhere")).toMatchObject({ code: "no_streamer" })
    const second = await watch(leaving, late)
    await plays(second)
    expect(await playsOn(player)).toMatchObject(unbroken)
    expect(gone()).toBe(false)
    await Promise.all([player.close(), second.close()])
    await until("nothing is left", gone)
  })

  it("sends players where the channel's other viewers have gone", async () => {
    const leaving = await fresh({ poolGrace: "50ms" })
    const tickets = [await admitted(1, "ann"), await admitted(1, "bob")]
    const watching = await Promise.all(tickets.map((ticket) => watch(leaving, ticket)))
    for (const player of watching) await plays(player)
    await Promise.all([another(), another(), another()])
    void leaving.drain()
    const ended = await Promise.all(watching.map((player) => player.ended))
    const again = ended.map(({ finalUrl }) => comeAgain(finalUrl))
    for (const player of again) await plays(player)
    const places = again.map((player) => new URL(player.report().finalUrl).origin)
    expect(new Set(places).size).toBe(1)
    expect(world.tally()).toMatchObject({ peak: 1 })
  })
})
