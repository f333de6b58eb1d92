import type { Streamer } from "../streamer-records.ts"
import { carriersOf, loadOf, type ServiceTask } from "./carriers.ts"
import { chooseDraining, takingViewers } from "./choose-draining.ts"
import { desiredCount, type FleetLoad, type LoadSample, type TaskLimits } from "./desired-count.ts"

/** What is known of a fleet in one run. */
export interface FleetSight {
  limits: TaskLimits
  /** The desired count of its service, and the tasks that ECS wants to run. */
  desired: number
  tasks: readonly ServiceTask[]
  /** All that are registered, also those of other fleets. */
  streamers: readonly Streamer[]
  /** Ids of streamers that are to drain. */
  marked: ReadonlySet<string>
  /** What earlier runs observed. */
  samples: readonly LoadSample[]
  isWished: boolean
  /** Redis milliseconds. */
  now: number
}

/** What is to be done, and what the next run has to know. */
export interface FleetPlan {
  desired: number
  /** Streamers of its tasks that are to take nobody new, those that do not yet among them. */
  toDrain: string[]
  samples: LoadSample[]
  load: FleetLoad
}

/** From what is known of a fleet to how many tasks it is to have, and who of them is to drain. */
export function planFleet(sight: FleetSight): FleetPlan {
  const { limits, desired, samples, isWished, now } = sight
  const carriers = carriersOf(sight.tasks, sight.streamers, sight.marked)
  const load = loadOf(carriers)
  const current = takingViewers(carriers, desired)
  const decided = desiredCount({ limits, now, load, samples, isWished, current })
  return {
    ...chooseDraining(carriers, { wanted: decided.tasks, desired }),
    samples: decided.samples,
    load,
  }
}
