import type { Environment } from "./environment/environment-settings.ts"
import { namesOf } from "./names.ts"

/** One member of the edge's `FLEET`: a service and what a task of it can carry. */
export interface FleetMember {
  name: string
  continent: string
  awsRegion: string
  cluster: string
  service: string
  minimum: number
  maximum: number
  viewersPerTask: number
  bitsPerSecondPerTask: number
  transcodesPerTask: number
}

/** What the edge's variable `FLEET` has as JSON. */
export function fleetOf(environment: Environment): FleetMember[] {
  const { cluster, service } = namesOf(environment)
  return environment.regions.map(({ name, continent, awsRegion, load }) => ({
    name,
    continent,
    awsRegion,
    cluster,
    service,
    ...load,
  }))
}
