import { describe, expect, it } from "vitest"
import { oneRegion, type Region, taskLimits, threeRegions } from "./regions.ts"
import { simulateDay } from "./simulate-day.ts"

describe("a simulated day", () => {
  it("is the same for the same seed, and another for another one", () => {
    const regions = threeRegions(500, 0)
    expect(simulateDay(regions, 7)).toEqual(simulateDay(regions, 7))
    expect(simulateDay(regions, 8)).not.toEqual(simulateDay(regions, 7))
  })

  it("has one provider connection for each channel and film, fewer than viewers", () => {
    const day = simulateDay(threeRegions(2_000, 1), 1)
    expect(day.peakConnections).toBeGreaterThan(50)
    expect(day.peakConnections).toBeLessThan(day.peakConnectionsUnshared)
    expect(day.peakConnectionsUnshared).toBe(day.peakViewers)
  })

  it("refuses those who come while no task runs, until one has started", () => {
    const day = simulateDay(oneRegion(20), 1)
    expect(day.refused).toBeGreaterThan(0)
    expect(day.longestWaitSeconds).toBeGreaterThanOrEqual(45)
    expect(day.longestWaitSeconds).toBeLessThanOrEqual(75 + 15)
    expect(day.taskHours).toBeLessThan(24)
  })

  it("refuses those who find all tasks full where the fleet may not grow", () => {
    const limits = { ...taskLimits, minimum: 1, maximum: 1, viewersPerTask: 10 }
    const small: Region = { continent: "EU", people: 200, hoursAhead: 1, limits }
    const day = simulateDay([small], 1)
    // Twice as many while a deployment replaces them.
    expect(day.peakTasks).toBe(2)
    expect(day.peakViewers).toBeLessThanOrEqual(20)
    expect(day.refused).toBeGreaterThan(100)
  })

  it("ends with old tasks gone, though films hold them up", () => {
    const day = simulateDay(threeRegions(1_000, 1), 1)
    expect(day.deploySeconds).toBeGreaterThan(60)
    expect(day.deploySeconds).toBeLessThan(3 * 60 * 60)
  })
})
