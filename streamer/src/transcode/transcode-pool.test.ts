import { afterEach, describe, expect, it, vi } from "vitest"
import type { Player } from "../../../infra/e2e/player/play.ts"
import { until } from "../pool/pool-fixture.ts"
import { fresh, plays, slotsFree, useWorld } from "../pool/test-pool.ts"
import { broken, copy, liveOf, small, startTranscoding, type Transcoding } from "./transcode-fixture.ts"

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
useWorld()

const opened: (Transcoding | Player)[] = []
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close()
})
async function transcoding(...given: Parameters<typeof startTranscoding>): Promise<Transcoding> {
  const made = await startTranscoding(...given)
  opened.push(made)
  return made
}

describe("the pool of transcodes", () => {
  it("tells everyone who waits how a recipe failed, with what ffmpeg said", async () => {
    const streamer = await fresh()
    const { pool, children } = await transcoding()
    const live = await liveOf(streamer, 1)
    const results = await Promise.all(["a", "b"].map((id) => pool.obtain(live, { id, recipe: broken })))
    for (const result of results) {
      expect(result).toMatchObject({ ok: false, code: "transcode_failed" })
      expect("detail" in result && result.detail).toContain("no-such-encoder")
    }
    expect([children.length, pool.transcodes.size]).toEqual([3, 0])
    expect(live.isOpen).toBe(true)
  })

  it("starts no more than it may; one that everybody has left gives way", async () => {
    const streamer = await fresh()
    const { pool, play, running } = await transcoding({ maxTranscodes: 1 })
    const live = await liveOf(streamer, 1)
    const first = await pool.obtain(live, { id: "small", recipe: small })
    if (!first.ok) throw new Error(first.code)
    const player = play(live, first.transcode)
    await plays(player)
    const refused = await pool.obtain(live, { id: "copy", recipe: copy })
    expect(refused).toEqual({ ok: false, code: "no_capacity", what: "transcodes" })
    expect(await pool.obtain(live, { id: "again", recipe: small })).toMatchObject({ ok: true })
    await player.close()
    await until("nobody watches", () => first.transcode.viewers.size === 0)
    expect(await pool.obtain(live, { id: "copy", recipe: copy })).toMatchObject({ ok: true })
    expect(await first.transcode.closed).toEqual({ reason: "yielded" })
    expect(running()).toHaveLength(1)
  })

  it("lets no more watch one transcode than may", async () => {
    const streamer = await fresh()
    const { pool } = await transcoding({ maxTranscodeViewers: 1 })
    const live = await liveOf(streamer, 1)
    const first = await pool.obtain(live, { id: "copy", recipe: copy })
    if (!first.ok) throw new Error(first.code)
    const watching = () => ({ bytesSent: 0, moves: 0, destroy: () => undefined })
    expect([first.transcode.attend(watching()), first.transcode.attend(watching())]).toEqual([true, false])
    expect(await pool.obtain(live, { id: "copy", recipe: copy })).toEqual({
      ...{ ok: false, code: "no_capacity", what: "viewers" },
    })
  })

  it("answers whoever waits too long", async () => {
    const streamer = await fresh()
    const { pool } = await transcoding({}, { patienceMilliseconds: 1 })
    const live = await liveOf(streamer, 1)
    expect(await pool.obtain(live, { id: "small", recipe: small })).toMatchObject({
      ...{ ok: false, code: "transcode_failed", detail: "ffmpeg gave nothing in time" },
    })
  })

  it("leaves no ffmpeg and no lease after fifty joins and leaves in any order", async () => {
    const streamer = await fresh({ poolGrace: "0.2s" })
    const { pool, play, running, children } = await transcoding({ poolGrace: 0.05 })
    const recipes = [small, copy, { ...small, video: null }]
    // A linear congruential generator (Numerical Recipes): the same order each time.
    let seed = 20_260_101
    const below = (most: number) => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
      return Math.floor((seed / 2 ** 32) * most)
    }
    const watching: Player[] = []
    for (let joins = 0; joins < 50; ) {
      if (watching.length > 0 && below(2) === 0) {
        const [player] = watching.splice(below(watching.length), 1)
        await player?.close()
        continue
      }
      joins++
      const live = await liveOf(streamer, 1)
      const waiting = { bytesSent: 0, moves: 0, destroy: () => undefined }
      live.attend(waiting, { session: "waiting", viewer: null, isRelay: false, requestedAt: 0 })
      const pick = below(recipes.length)
      const result = await pool.obtain(live, { id: `recipe-${pick}`, recipe: recipes[pick] ?? small })
      if (!result.ok) throw new Error(result.code)
      const player = play(live, result.transcode)
      watching.push(player)
      expect(await player.firstByte).not.toBeNull()
      live.leave(waiting)
    }
    await Promise.all(watching.map((player) => player.close()))
    await until("no transcode is left", () => pool.transcodes.size === 0)
    expect(running()).toEqual([])
    expect(children.length).toBeGreaterThan(3)
    await slotsFree()
  })
})
