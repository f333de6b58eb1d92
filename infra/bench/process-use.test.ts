import { describe, expect, it } from "vitest"
import { cpuSecondsIn, forgetPeak, hasOpen, memoryIn, processUse, watchProcess } from "./process-use.ts"

describe("what a process uses", () => {
  it("is read from its status: resident memory now and at most", () => {
    expect(memoryIn("Name:\tnode\nVmPeak:\t  99 kB\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n")).toEqual({
      residentBytes: 1_048_576,
      peakBytes: 2_097_152,
    })
  })

  it("is read from its stat: user and kernel time, whatever its name", () => {
    const fields = Array.from({ length: 50 }, (_, index) => String(index + 3))
    expect(cpuSecondsIn(`42 (a) b (c) ${fields.join(" ")}`)).toBeCloseTo((14 + 15) / 100)
  })

  it("is that of a real one", () => {
    const { residentBytes, peakBytes, cpuSeconds } = processUse(process.pid)
    expect(residentBytes).toBeGreaterThan(10_000_000)
    expect(peakBytes).toBeGreaterThanOrEqual(residentBytes)
    expect(cpuSeconds).toBeGreaterThan(0)
    expect(hasOpen(process.pid, "/")).toBe(true)
    expect(hasOpen(process.pid, "/nowhere/at/all")).toBe(false)
  })

  it("has a peak that can begin anew", () => {
    const large = Buffer.alloc(200_000_000, 1)
    expect(processUse(process.pid).peakBytes).toBeGreaterThan(large.length)
    // Gives the memory back at once.
    large.buffer.transfer(0)
    forgetPeak(process.pid)
    const { peakBytes, residentBytes } = processUse(process.pid)
    expect(peakBytes - residentBytes).toBeLessThan(50_000_000)
  })

  it("is watched while it works", async () => {
    const { result, grownBytes } = await watchProcess(process.pid, async () => Buffer.alloc(64_000_000, 1))
    expect(result).toHaveLength(64_000_000)
    expect(grownBytes).toBeGreaterThan(50_000_000)
  })
})
