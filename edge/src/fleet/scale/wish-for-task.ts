import { keys } from "@tributary/shared/store/keys"
import type { Edge } from "../../edge.ts"
import { fromStore } from "../../store-unavailable.ts"
import type { Fleet } from "../fleet-config.ts"

// As long as nobody asks again, a task that still has not started is not started any more.
const wishMilliseconds = 5 * 60_000

// On Fargate: placing the task, pulling an image of a few hundred MB, and the streamer's registration.
const usualStartSeconds = 45
const shortestRetrySeconds = 5

/** A wish for a task, which stays until it is granted or nobody asks any more. */
export interface Wish {
  /** It is the first one: nobody else starts a task for it. */
  isNew: boolean
  /** When a streamer will usually be there. */
  retryAfterSeconds: number
}

/** The fleet that serves a viewer: that of their continent, else the first; undefined when there is none. */
export function fleetOf(fleets: readonly Fleet[], continent: string): Fleet | undefined {
  return fleets.find((fleet) => fleet.continent === continent) ?? fleets[0]
}

/** Says that a fleet without streamers is needed; its next run starts a task. */
export async function wishForTask({ redis }: Pick<Edge, "redis">, fleet: Fleet): Promise<Wish> {
  const key = keys.fleetWish(fleet.name)
  const [set, left] = await fromStore(
    redis
      .pipeline()
      .set(key, "1", { nx: true, px: wishMilliseconds })
      .pttl(key)
      .exec<[string | null, number]>(),
  )
  const elapsedSeconds = Math.floor((wishMilliseconds - left) / 1000)
  return {
    isNew: set !== null,
    retryAfterSeconds: Math.max(usualStartSeconds - elapsedSeconds, shortestRetrySeconds),
  }
}
