import { expect, it } from "vitest"
import { descriptorLimitIn, requireDescriptors } from "./descriptors.ts"

it("the limit of open files is read from a process's limits", () => {
  const line = (soft: string) =>
    `Limit     Soft Limit  Hard Limit  Units\nMax open files            ${soft}                 4096      files\n`
  expect(descriptorLimitIn(line("1024"))).toBe(1024)
  expect(descriptorLimitIn(line("unlimited"))).toBe(Number.POSITIVE_INFINITY)
})

it("a process that may not have so many viewers is refused, with what it needs", () => {
  requireDescriptors(process.pid, 1)
  expect(() => requireDescriptors(process.pid, 2 ** 40)).toThrow("ulimit -n")
})
