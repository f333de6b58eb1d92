import type { TaskLimits } from "../../../edge/src/fleet/scale/desired-count.ts"

/** A part of the world with a fleet of its own, and those who watch there. */
export interface Region {
  continent: string
  people: number
  /** Hours that its clocks are ahead of UTC. */
  hoursAhead: number
  limits: TaskLimits
}

/** What one task carries: 2 vCPU on Fargate (5 Gbit/s at most, so that 300 viewers fill a third of it). */
export const taskLimits = {
  ...{ maximum: 40, viewersPerTask: 300 },
  ...{ bitsPerSecondPerTask: 1_500_000_000, transcodesPerTask: 4 },
}

/** So many viewers on three continents; `minimum`: tasks that run in each region though nobody watches. */
export function threeRegions(viewers: number, minimum: number): Region[] {
  const limits = { ...taskLimits, minimum }
  return [
    { continent: "EU", people: viewers * 0.5, hoursAhead: 1, limits },
    { continent: "NA", people: viewers * 0.3, hoursAhead: -5, limits },
    { continent: "AS", people: viewers * 0.2, hoursAhead: 8, limits },
  ]
}

/** A household, a club, a small operator: one fleet that may be empty. */
export function oneRegion(viewers: number): Region[] {
  return [{ continent: "EU", people: viewers, hoursAhead: 1, limits: { ...taskLimits, minimum: 0 } }]
}
