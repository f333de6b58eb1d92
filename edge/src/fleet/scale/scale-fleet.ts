import { log } from "@tributary/shared/log/log"
import { keys } from "@tributary/shared/store/keys"
import type { Edge } from "../../edge.ts"
import { fromStore } from "../../store-unavailable.ts"
import type { EcsFailure } from "../ecs/ecs-failure.ts"
import { EcsService, type ServiceState } from "../ecs/ecs-service.ts"
import type { Fleet } from "../fleet-config.ts"
import { type Streamer, storeMilliseconds, streamersIn } from "../streamer-records.ts"
import { withFleetLock } from "./fleet-lock.ts"
import { type FleetMemory, keepMemory, readMemory } from "./fleet-memory.ts"
import { planFleet } from "./plan-fleet.ts"
import { tellFailure } from "./tell-failure.ts"

const logger = log("edge", "fleet")

/** A run ends before the next one starts, and before its lock runs out. */
export const ecsTimeoutMilliseconds = 10_000

/** What a run came to. `busy`: another isolate is at it. */
export type Scaled =
  | { code: "done"; from: number; to: number; draining: string[] }
  | { code: "busy" }
  | { code: "failed"; failure: EcsFailure }

interface Known {
  streamers: Streamer[]
  marked: Set<string>
  memory: FleetMemory
  isWished: boolean
  /** Redis milliseconds. */
  now: number
}

/**
 * Has a fleet run as many tasks as its load needs: says which streamers are to drain, and sets the desired count of
 * its ECS service when that is another. Rejects only when the store cannot be reached.
 */
export async function scaleFleet(
  edge: Edge,
  fleet: Fleet,
  timeoutMilliseconds = ecsTimeoutMilliseconds,
): Promise<Scaled> {
  const scaled = await withFleetLock(edge, fleet.name, async (): Promise<Scaled> => {
    const service = new EcsService(fleet, edge.config, timeoutMilliseconds)
    const [known, state] = await Promise.all([readKnown(edge, fleet), service.read()])
    const done = state.ok ? await scaleTo(edge, { fleet, service, known, state: state.value }) : state.failure
    service.close()
    if (!("from" in done)) {
      const failing = tellFailure(fleet, done, { before: known.memory.failing, now: known.now })
      await keepMemory(edge, fleet.name, { ...known.memory, failing })
      return { code: "failed", failure: done }
    }
    return { code: "done", ...done }
  })
  return scaled ?? { code: "busy" }
}

async function readKnown({ redis }: Edge, { name }: Fleet): Promise<Known> {
  const [streamers, marked, memory, wished, time] = await fromStore(
    redis
      .pipeline()
      .hgetall(keys.streamers)
      .zrange<string[]>(keys.streamersToDrain, 0, -1)
      .get<string>(keys.fleet(name))
      .exists(keys.fleetWish(name))
      .time()
      .exec<[unknown, string[], string | null, number, [string, string]]>(),
  )
  return {
    streamers: streamersIn(streamers),
    marked: new Set(marked),
    memory: readMemory(memory),
    isWished: wished === 1,
    now: storeMilliseconds(time),
  }
}

async function scaleTo(
  edge: Edge,
  { fleet, service, known, state }: { fleet: Fleet; service: EcsService; known: Known; state: ServiceState },
): Promise<EcsFailure | { from: number; to: number; draining: string[] }> {
  const { desired, toDrain, samples, load } = planFleet({
    ...{ limits: fleet, desired: state.desired, tasks: state.tasks },
    ...{ streamers: known.streamers, marked: known.marked, samples: known.memory.samples },
    ...{ isWished: known.isWished, now: known.now },
  })
  // Who is to leave takes nobody new before its task may be ended.
  await mark(edge, known, toDrain)
  const set = desired === state.desired ? null : await service.setDesired(desired)
  if (set?.ok === false) return set.failure
  if (set !== null)
    logger.info("fleet {fleet}: {to} tasks instead of {from}", {
      ...{ fleet: fleet.name, from: state.desired, to: desired },
      ...{
        running: state.running,
        pending: state.pending,
        viewers: load.viewers,
        transcodes: load.transcodes,
      },
      ...{ isWished: known.isWished, draining: toDrain.length },
    })
  await keepMemory(edge, fleet.name, { samples, failing: null })
  return { from: state.desired, to: desired, draining: toDrain }
}

/** Marks who is to drain, and forgets the marks of streamers that are gone. */
async function mark({ redis }: Edge, known: Known, toDrain: readonly string[]): Promise<void> {
  const registered = new Set(known.streamers.map(([id]) => id))
  const added = toDrain.filter((id) => !known.marked.has(id))
  const removed = [...known.marked].filter((id) => !registered.has(id))
  if (added.length === 0 && removed.length === 0) return
  const changes = redis.multi()
  for (const id of added) changes.zadd(keys.streamersToDrain, { score: known.now, member: id })
  if (removed.length > 0) changes.zrem(keys.streamersToDrain, ...removed)
  await fromStore(changes.exec())
  if (added.length > 0) logger.info("streamers are to drain", { streamers: added.join(",") })
}
