import { describe, expect, it } from "vitest"
import { spanInWords } from "./span-in-words.ts"

describe("a chart in words", () => {
  const format = (value: number) => `${value} B`

  it("says the newest value, and between which it was", () => {
    expect(spanInWords([4, 9, 2, 5], format)).toBe("now 5 B, lowest 2 B, highest 9 B")
  })

  it("says that there is nothing yet", () => {
    expect(spanInWords([], format)).toBe("nothing yet")
  })
})
