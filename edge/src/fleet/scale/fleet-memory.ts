import { keys } from "@tributary/shared/store/keys"
import type { Edge } from "../../edge.ts"
import { fromStore } from "../../store-unavailable.ts"
import type { EcsFailure } from "../ecs/ecs-failure.ts"
import type { LoadSample } from "./desired-count.ts"

/** What one run of a fleet's scaling leaves for the next. */
export interface FleetMemory {
  samples: LoadSample[]
  /** The failure of the last run; null when it did what it wanted. */
  failing: {
    code: EcsFailure["code"]
    /** Runs in a row that failed so. */
    times: number
    /** Redis milliseconds when it was logged last. */
    toldAt: number
  } | null
}

// Older observations are of no use, and a fleet that is configured no more leaves nothing behind.
const keptSeconds = 24 * 60 * 60

/** From the store's answer; nothing is known of a fleet that is new. */
export function readMemory(reply: string | null): FleetMemory {
  return reply === null ? { samples: [], failing: null } : (JSON.parse(reply) as FleetMemory)
}

export async function keepMemory(
  { redis }: Pick<Edge, "redis">,
  fleet: string,
  memory: FleetMemory,
): Promise<void> {
  await fromStore(redis.set(keys.fleet(fleet), JSON.stringify(memory), { ex: keptSeconds }))
}
