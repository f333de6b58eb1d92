import { describe, expect, it } from "vitest"
import { checkFargateSize } from "./fargate-size.ts"

describe("a task's size", () => {
  it.each([
    [256, 512],
    [1024, 2048],
    [2048, 16_384],
    [8192, 20_480],
    [16_384, 122_880],
  ])("is one of Fargate's: %i units of CPU and %i MiB", (cpu, memoryMiB) => {
    expect(checkFargateSize(cpu, memoryMiB)).toEqual({ ok: true })
  })

  it("is refused with what Fargate has for the CPU", () => {
    expect(checkFargateSize(512, 512)).toEqual({
      ok: false,
      message: "memoryMiB 512 is none of Fargate's for cpu 512: 1024, 2048, 3072, 4096",
    })
  })

  it("is refused with the CPU values that there are", () => {
    expect(checkFargateSize(300, 1024)).toEqual({
      ok: false,
      message: "cpu 300 is none of Fargate's: 256, 512, 1024, 2048, 4096, 8192, 16384",
    })
  })
})
