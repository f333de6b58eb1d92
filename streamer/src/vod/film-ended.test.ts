import { endSession } from "@tributary/shared/lease/viewer-sessions"
import { expect, it, vi } from "vitest"
import { fileOf, mebibyte, serving, useVodWorld, world } from "./test-vod.ts"
import { ask, filmTicket } from "./vod-fixture.ts"

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })
useVodWorld()

const file = fileOf(24 * mebibyte)
const ann = { viewer: "ann" }
const head = { range: "bytes=0-999" }

it("a film's session that the admin ends is cut off, and its ticket gives no range any more; a new click does", async () => {
  const streamer = await serving(file)
  const ticket = await filmTicket(world, 1, ann)
  const url = await streamer.url(ticket)
  const answer = await ask(url, { range: "bytes=0-" })
  await answer.take(1000)
  expect(await endSession(world.run, "ann", ticket.session)).toBe(true)
  await streamer.keeper.beat()
  expect((await answer.rest()).isWhole).toBe(false)
  expect((await ask(url, head)).status).toBe(403)
  expect(await world.sessions("ann")).toEqual([])
  const next = await streamer.url(await filmTicket(world, 1, ann))
  for (let request = 0; request < 2; request++) {
    const again = await ask(next, head)
    expect(again.status).toBe(206)
    await again.rest()
  }
  expect((await ask(url, head)).status).toBe(403)
})
