import { describe, expect, it } from "vitest"
import { readPastAsked } from "./past-asked.ts"

const halfPastSix = Date.UTC(2026, 0, 31, 18, 30) / 1000

describe("the past that a player asks for", () => {
  it.each([
    "2026-01-31:18-30",
    "2026-01-31:18-30-00",
    "2026-01-31_18-30",
    "2026-01-31 18:30:00",
    String(halfPastSix),
  ])("begins at %s, in UTC", (start) => {
    const past = { start: halfPastSix, seconds: 5_400 }
    expect(readPastAsked(start, "90")).toEqual({ ok: true, past })
  })

  it.each(["2026-02-31:18-30", "2026-01-31:24-00", "2026-01-31:18-60", "yesterday", ""])(
    "does not begin at %j",
    (start) => {
      const message = `start "${start}" is neither YYYY-MM-DD:HH-MM in UTC nor Unix seconds.`
      expect(readPastAsked(start, "60")).toEqual({ ok: false, message })
    },
  )

  it.each(["", "-5", "0", "1441", "1e3"])("is not %j minutes long", (minutes) => {
    const message = `duration "${minutes}" is no number of minutes up to a day's.`
    expect(readPastAsked("2026-01-31:18-30", minutes)).toEqual({ ok: false, message })
  })

  it("is not what a player left in the place of it: each part is named", () => {
    const messageOf = (start: string, minutes: string) => {
      const read = readPastAsked(start, minutes)
      return read.ok ? "" : read.message
    }
    // biome-ignore lint/suspicious/noTemplateCurlyInString: players replace it.
    expect(messageOf("${start}", "60")).toMatch(
      /^start "\$\{start\}", which the player has not filled in, is neither Y/,
    )
    expect(messageOf(String(halfPastSix), "{duration:60}")).toMatch(
      /^duration "\{duration:60\}", which the player has not filled in, is no number/,
    )
    expect(messageOf("{utc}", "{duration}")).toMatch(/^start "\{utc\}".*; duration "\{duration\}"/)
  })
})
