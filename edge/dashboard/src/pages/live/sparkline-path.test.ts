import { describe, expect, it } from "vitest"
import { sparklinePath } from "./sparkline-path.ts"

const box = { width: 100, height: 20, slots: 5 }

describe("a sparkline", () => {
  it("stands on 0, reaches to its highest value, and has the newest at the right", () => {
    expect(sparklinePath([0, 50, 100], box)).toBe("50.0,20.0 75.0,10.0 100.0,0.0")
  })

  it("of nothing but 0 lies on its foot", () => {
    expect(sparklinePath([0, 0], box)).toBe("75.0,20.0 100.0,20.0")
  })
})
