import { setTimeout as delay } from "node:timers/promises"
import type { createClient } from "@redis/client"
import { beatMilliseconds } from "@tributary/shared/lease/times"
import { keys } from "@tributary/shared/store/keys"
import type { StreamerRecord } from "@tributary/shared/store/records"

const pollMilliseconds = 20
// Redis is asked only when a beat is near, so that asking adds nothing to what it counts.
const earlyMilliseconds = 300
const longestMilliseconds = 4 * beatMilliseconds

/** Knows when the only streamer had its heartbeat: what is counted from one to another holds whole ones. */
export class BeatWatch {
  readonly #redis: Pick<ReturnType<typeof createClient>, "hGetAll">

  constructor(redis: Pick<ReturnType<typeof createClient>, "hGetAll">) {
    this.#redis = redis
  }

  /** Resolves right after so many more heartbeats, 5 s each; rejects when one does not come. */
  async next(beats = 1): Promise<void> {
    let last = await this.#lastAt()
    for (let beat = 0; beat < beats; beat++) {
      // The first may be due at any time.
      if (beat > 0) await delay(beatMilliseconds - earlyMilliseconds)
      const deadline = performance.now() + longestMilliseconds
      let at = last
      while (at === last) {
        if (performance.now() > deadline) throw new Error("the streamer's heartbeat did not come")
        await delay(pollMilliseconds)
        at = await this.#lastAt()
      }
      last = at
    }
    // Its answer is on its way, and what the streamer does about it begins.
    await delay(20)
  }

  /** Runs something, and says how many heartbeats came in between. */
  async during<T>(work: () => Promise<T>): Promise<{ result: T; beats: number }> {
    const before = await this.#lastAt()
    const result = await work()
    return { result, beats: Math.round(((await this.#lastAt()) - before) / beatMilliseconds) }
  }

  async #lastAt(): Promise<number> {
    const [text] = Object.values(await this.#redis.hGetAll(keys.streamers))
    if (text === undefined) throw new Error("there is no streamer")
    return (JSON.parse(text) as StreamerRecord).at
  }
}
