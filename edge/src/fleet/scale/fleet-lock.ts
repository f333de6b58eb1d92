import { keys } from "@tributary/shared/store/keys"
import type { Edge } from "../../edge.ts"
import { fromStore } from "../../store-unavailable.ts"
import freeLock from "./free-lock.lua"

// Longer than a run may take: ECS has 10 s for all calls, and the store 3 s for each of a handful.
const lockMilliseconds = 30_000

/** Runs the work unless another isolate runs it for the same fleet; null when one does. */
export async function withFleetLock<Value>(
  { redis }: Pick<Edge, "redis">,
  fleet: string,
  work: () => Promise<Value>,
): Promise<Value | null> {
  const key = keys.fleetLock(fleet)
  const token = crypto.randomUUID()
  const taken = await fromStore(redis.set(key, token, { nx: true, px: lockMilliseconds }))
  if (taken === null) return null
  try {
    return await work()
  } finally {
    await fromStore(redis.eval(freeLock, [key], [token]))
  }
}
