import { dateTime } from "@tributary/shared/config/fields"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { localTimeOf, withOffset } from "./local-time.ts"

describe("a time in the reader's zone", () => {
  beforeEach(() => vi.stubEnv("TZ", "Europe/Berlin"))
  afterEach(() => vi.unstubAllEnvs())

  it("is sent with the offset that the zone has then, in summer and in winter", () => {
    expect(withOffset("2027-01-31T12:00")).toBe("2027-01-31T12:00:00+01:00")
    expect(withOffset("2027-07-31T12:00")).toBe("2027-07-31T12:00:00+02:00")
  })

  it("west of Greenwich is behind, by half hours too", () => {
    vi.stubEnv("TZ", "America/St_Johns")
    expect(withOffset("2027-01-31T12:00")).toBe("2027-01-31T12:00:00-03:30")
  })

  it("is shown as it was typed", () => {
    const sent = withOffset("2027-07-31T23:59")
    expect(dateTime().safeParse(sent).success).toBe(true)
    expect(localTimeOf(Date.parse(sent))).toBe("2027-07-31T23:59")
  })

  it("that is none is refused as it was written", () => {
    expect(withOffset("275761-01-01T00:00")).toBe("275761-01-01T00:00")
  })
})
