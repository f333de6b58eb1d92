import { channelEditSchema } from "@tributary/shared/catalogue/edit"
import { describe, expect, it } from "vitest"
import { mappingChange, mappingOf } from "./mapping-values.ts"

const stored = mappingOf({ guideId: "one.example", guideShiftMinutes: -60 })

describe("a change of a channel's mapping", () => {
  it("has only what was changed", () => {
    expect(mappingChange(stored, stored)).toEqual({})
    expect(mappingChange({ ...stored, guideId: " two.example " }, stored)).toEqual({ guideId: "two.example" })
    expect(mappingChange({ guideId: "", guideShiftMinutes: 30 }, mappingOf(null))).toEqual({
      guideShiftMinutes: 30,
    })
  })

  it("takes back what was emptied, and a shift of nothing", () => {
    const change = mappingChange({ guideId: "", guideShiftMinutes: 0 }, stored)
    expect(change).toEqual({ guideId: null, guideShiftMinutes: null })
    expect(channelEditSchema.safeParse(change).success).toBe(true)
  })
})
