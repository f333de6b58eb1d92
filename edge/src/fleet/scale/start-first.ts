import { startingResponse } from "@tributary/shared/lease/refusal"
import type { Edge } from "../../edge.ts"
import { runningStreamers } from "../choose-streamer.ts"
import { scaleFleet } from "./scale-fleet.ts"
import { fleetOf, wishForTask } from "./wish-for-task.ts"

/**
 * The answer to a request that found no streamer, where there is a fleet that can start one: it has begun to, and this
 * is when to ask again. Null where there is none, or where streamers run and are only full.
 *
 * `later`: goes on with work after the answer was given.
 */
export async function startFirst(
  edge: Edge,
  continent: string,
  later: (work: Promise<unknown>) => void,
): Promise<Response | null> {
  const fleet = fleetOf(edge.config.FLEET ?? [], continent)
  if (fleet === undefined) return null
  const running = await runningStreamers(edge)
  if (running.some(([, { draining }]) => !draining)) return null
  const wish = await wishForTask(edge, fleet)
  // The next minute's run would do it too; this spares the viewer that minute.
  if (wish.isNew) later(scaleFleet(edge, fleet))
  return startingResponse(wish.retryAfterSeconds)
}
