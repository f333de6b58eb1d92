import { afterEach, expect, it, vi } from "vitest"
import type { RestartReason } from "../metrics/stream-metrics.ts"
import { until } from "../pool/pool-fixture.ts"
import { fresh, useWorld } from "../pool/test-pool.ts"
import { broken, copy, liveOf, startTranscoding, type Transcoding } from "./transcode-fixture.ts"

vi.setConfig({ testTimeout: 40_000, hookTimeout: 60_000 })
useWorld()

let transcoding: Transcoding
afterEach(() => transcoding.close())

it("tells of each ffmpeg that takes the place of one that was killed, and of no other", async () => {
  const told: RestartReason[] = []
  const live = await liveOf(await fresh(), 1)
  transcoding = await startTranscoding({}, { onRestarted: (why) => told.push(why) })
  const made = await transcoding.pool.obtain(live, { id: "copy", recipe: copy })
  if (!made.ok) throw new Error(made.code)
  const { transcode } = made
  expect(told).toEqual([])
  for (let kill = 1; kill <= 2; kill++) {
    process.kill(transcode.report().pid ?? 0, "SIGKILL")
    await until("another runs", () => {
      const { state, restarts } = transcode.report()
      return state === "running" && restarts === kill
    })
    expect(told).toHaveLength(kill)
  }
  expect(told).toEqual(["failed", "failed"])
})

it("tells of no more than were started for a recipe that fails", async () => {
  const told: RestartReason[] = []
  const live = await liveOf(await fresh(), 1)
  transcoding = await startTranscoding({}, { onRestarted: (why) => told.push(why) })
  const failed = await transcoding.pool.obtain(live, { id: "broken", recipe: broken })
  expect(failed.ok).toBe(false)
  expect(told).toHaveLength(transcoding.children.length - 1)
})
