import type { Streamer } from "../streamer-records.ts"
import type { FleetLoad } from "./desired-count.ts"

/** A task as ECS lists it: one that it wants to run. */
export interface ServiceTask {
  arn: string
  /** Started by the newest deployment of its service. */
  isNewest: boolean
}

/** A task of a fleet, and what its streamer says of itself. */
export interface Carrier extends ServiceTask {
  /** Null: it has not registered, because it is starting or cannot. */
  streamer: string | null
  viewers: number
  /** Those of its viewers whom only the end of what they play ends. */
  films: number
  streams: number
  bitsPerSecond: number
  transcodes: number
  /** It says that it takes nobody new. */
  isDraining: boolean
  /** The edge has said that it is to. */
  isMarked: boolean
}

/**
 * A service's tasks with what their streamers said last. A streamer that was silent for a while is one still: it may
 * be cut off from the store, and serve its viewers all the same.
 */
export function carriersOf(
  tasks: readonly ServiceTask[],
  streamers: readonly Streamer[],
  marked: ReadonlySet<string>,
): Carrier[] {
  const byTask = new Map(streamers.map((streamer) => [streamer[1].task, streamer]))
  return tasks.map((task) => {
    const [streamer, record] = byTask.get(task.arn) ?? [null, undefined]
    return {
      ...task,
      streamer,
      viewers: record?.viewers ?? 0,
      films: record?.load?.films ?? 0,
      streams: record?.streams ?? 0,
      bitsPerSecond: record?.load?.bitsPerSecondOut ?? 0,
      transcodes: record?.load?.transcodes ?? 0,
      isDraining: record?.draining ?? false,
      isMarked: streamer !== null && marked.has(streamer),
    }
  })
}

/** What has to be carried by tasks that stay: a film stays where it is until it ends, all else moves. */
export function loadOf(carriers: readonly Carrier[]): FleetLoad {
  const load: FleetLoad = { viewers: 0, bitsPerSecond: 0, transcodes: 0, streams: 0 }
  for (const carrier of carriers) {
    const moving = staysOn(carrier) ? carrier.viewers : Math.max(0, carrier.viewers - carrier.films)
    load.viewers += moving
    load.bitsPerSecond += carrier.viewers === 0 ? 0 : (carrier.bitsPerSecond * moving) / carrier.viewers
    load.transcodes += carrier.transcodes
    load.streams += carrier.streams
  }
  return load
}

function staysOn({ isNewest, isDraining, isMarked }: Carrier): boolean {
  return isNewest && !isDraining && !isMarked
}
