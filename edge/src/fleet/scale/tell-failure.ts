import { log } from "@tributary/shared/log/log"
import type { EcsFailure } from "../ecs/ecs-failure.ts"
import type { Fleet } from "../fleet-config.ts"
import type { FleetMemory } from "./fleet-memory.ts"

const logger = log("edge", "fleet")

// What somebody has to repair is said once an hour, however often it is tried; what passes, each time.
const sayAgainMilliseconds = 60 * 60_000

/** Logs why ECS did not do what it was asked, and gives what is to be remembered of it. */
export function tellFailure(
  { name, cluster, service, awsRegion }: Fleet,
  failure: EcsFailure,
  { before, now }: { before: FleetMemory["failing"]; now: number },
): FleetMemory["failing"] {
  const { code } = failure
  const again = before?.code === code ? before : null
  const times = (again?.times ?? 0) + 1
  const lasts = code === "missing" || code === "refused"
  if (lasts && again !== null && now - again.toldAt < sayAgainMilliseconds) return { ...again, times }
  logger.warn(`the fleet is not scaled: ${words(failure)}`, {
    ...{ fleet: name, cluster, service, awsRegion, times },
    ...("error" in failure ? { error: failure.error } : {}),
  })
  return { code, times, toldAt: now }
}

function words(failure: EcsFailure): string {
  switch (failure.code) {
    case "throttled":
      return "ECS is asked too often, and will be asked again in a minute"
    case "missing":
      return "there is no such ECS service or cluster"
    case "slow":
      return "ECS did not answer in time, and will be asked again in a minute"
    case "refused":
      return "AWS refuses the credentials, or they do not allow this"
    case "failed":
      return "ECS failed, and will be asked again in a minute"
  }
}
