import { endSession } from "@tributary/shared/lease/viewer-sessions"
import { expect, it, vi } from "vitest"
import { admitted, fresh, useWorld, world } from "../pool/test-pool.ts"
import { startHls } from "./hls-fixture.ts"

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
useWorld()

it("a session by HLS that the admin ends gets neither playlist nor segments, with the ticket that it has", async () => {
  const streamer = await fresh()
  const hls = await startHls(world, streamer)
  try {
    const ticket = await admitted(1, "ann")
    const url = await hls.url(ticket)
    const list = await fetch(url)
    const segment = new URL((await list.text()).split("\n").find((line) => line.endsWith(".ts")) ?? "", url)
    expect([list.status, (await fetch(segment)).status]).toEqual([200, 200])
    await endSession(world.run, "ann", ticket.session)
    await streamer.beat()
    // As the streamer does with what a heartbeat tells it to be lost.
    hls.sessions.end(ticket.session)
    expect([(await fetch(url)).status, (await fetch(segment)).status]).toEqual([403, 404])
    expect((await fetch(await hls.url(await admitted(1, "ann")))).status).toBe(200)
  } finally {
    await hls.close()
  }
})
