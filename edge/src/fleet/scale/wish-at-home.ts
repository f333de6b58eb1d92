import type { Edge } from "../../edge.ts"
import { runningStreamers } from "../choose-streamer.ts"
import { wishForTask } from "./wish-for-task.ts"

// Per isolate: clicks are many, and this asks the store.
const lookAgainMilliseconds = 60_000

const lookedAt = new Map<string, number>()

/**
 * A viewer was sent to a streamer. When none runs on their own continent though there is a fleet for it, the next run
 * starts one: viewers on other continents would never make it grow. Now and then only; `now` in milliseconds.
 */
export async function wishAtHome(edge: Edge, continent: string, now: number): Promise<void> {
  const fleet = edge.config.FLEET?.find((candidate) => candidate.continent === continent)
  if (fleet === undefined || now - (lookedAt.get(fleet.name) ?? 0) < lookAgainMilliseconds) return
  lookedAt.set(fleet.name, now)
  const running = await runningStreamers(edge)
  if (!running.some(([, { region }]) => region === continent)) await wishForTask(edge, fleet)
}
