import { describe, expect, it } from "vitest"
import { withChecksum } from "./device-id.ts"

describe("a device id", () => {
  // Of real tuners, as people show them (10439EFD stands in SiliconDust's development guide).
  it.each(["10439EFD"])("has the check digit of %s", (id) => {
    expect(withChecksum(id.slice(0, 7))).toBe(id)
  })
})
