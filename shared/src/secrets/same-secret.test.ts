import { describe, expect, it } from "vitest"
import { isSameSecret } from "./same-secret.ts"

describe("isSameSecret", () => {
  it("holds for the same text alone", async () => {
    expect(await isSameSecret("geheim-ü", "geheim-ü")).toBe(true)
    for (const other of ["", "geheim-", "geheim-üx", "Geheim-ü", "geheim-u"])
      expect(await isSameSecret("geheim-ü", other)).toBe(false)
  })
})
