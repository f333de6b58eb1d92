import { endSession } from "@tributary/shared/lease/viewer-sessions"
import { saveViewer } from "@tributary/shared/store/save-viewer"
import { describe, expect, it, vi } from "vitest"
import { staying, until } from "./pool-fixture.ts"
import { admitted, another, fresh, plays, useWorld, watch, world } from "./test-pool.ts"

vi.setConfig({ testTimeout: 20_000, hookTimeout: 60_000 })
useWorld()

const refused = { ok: false, code: "refused", admission: { code: "forbidden", reason: "ended" } }

describe("a session that the admin ends", () => {
  it("is cut off at the next heartbeat, and its ticket plays nothing any more", async () => {
    const streamer = await fresh()
    const ticket = await admitted(1, "ann")
    const player = await watch(streamer, ticket)
    const bob = await watch(streamer, await admitted(1, "bob"))
    await Promise.all([plays(player), plays(bob)])
    expect(await endSession(world.run, "ann", ticket.session)).toBe(true)
    await streamer.beat()
    await until("the player is cut off", () => player.report().ended !== null)
    for (const isFresh of [true, false])
      expect(await streamer.pool.obtain(ticket, { ...staying(), isFresh })).toMatchObject(refused)
    expect(await (await another()).pool.obtain(ticket, { ...staying(), isFresh: false })).toMatchObject(
      refused,
    )
    const response = await fetch(await streamer.url(ticket))
    expect([response.status, await response.json()]).toMatchObject([403, { error: { code: "forbidden" } }])
    expect(await world.sessions("ann")).toEqual([])
    expect(bob.report().ended).toBeNull()
    expect(world.tally().opened).toBe(1)
  })

  it("ends too when its player has come back with its ticket before", async () => {
    const streamer = await fresh()
    const ticket = await admitted(1, "ann")
    const first = await watch(streamer, ticket)
    await plays(first)
    await first.close()
    await until("the session has ended", async () => (await world.sessions("ann")).length === 0)
    const player = await watch(streamer, ticket)
    await plays(player)
    const [session = ""] = await world.sessions("ann")
    expect(session).not.toBe(ticket.session)
    await endSession(world.run, "ann", session)
    await streamer.beat()
    await until("the player is cut off", () => player.report().ended !== null)
    expect(await streamer.pool.obtain(ticket, staying())).toMatchObject(refused)
  })

  it("is cut off when its player joins in the last moment before the heartbeat", async () => {
    const streamer = await fresh()
    const ticket = await admitted(1, "ann")
    await endSession(world.run, "ann", ticket.session)
    const player = await watch(streamer, ticket)
    await plays(player)
    await streamer.beat()
    await until("the player is cut off", () => player.report().ended !== null)
    expect(await world.sessions("ann")).toEqual([])
  })

  it("keeps the viewer out of nothing: a new click plays", async () => {
    const streamer = await fresh()
    const ticket = await admitted(1, "ann")
    await plays(await watch(streamer, ticket))
    await endSession(world.run, "ann", ticket.session)
    await streamer.beat()
    const next = await watch(streamer, await admitted(1, "ann"))
    await plays(next)
    await streamer.beat()
    await streamer.beat()
    expect(next.report().ended).toBeNull()
  })
})

describe("a viewer who is deleted, disabled or gets another password", () => {
  it.each([
    ["deleted", null],
    ["disabled", { enabled: false }],
    ["another password", { check: "other" }],
  ])("is cut off at the next heartbeat: %s", async (_, change) => {
    const streamer = await fresh()
    const ticket = await admitted(1, "ann")
    const player = await watch(streamer, ticket)
    await plays(player)
    await saveViewer(world.redis, world.run, "ann", (stored) => ({
      ok: true,
      record: change === null || stored === null ? null : { ...stored, ...change },
    }))
    await streamer.beat()
    await until("the player is cut off", () => player.report().ended !== null)
    expect(await world.sessions("ann")).toEqual([])
  })
})
