// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are placeholders of lists.
import { describe, expect, it } from "vitest"
import { fillMoment, type Moment } from "./fill-moment.ts"
import { zoneOf } from "./local-time.ts"

const start = Date.UTC(2026, 0, 31, 22, 5, 9) / 1000
const moment: Moment = {
  ...{ start, seconds: 5400, now: start + 7201 },
  zone: zoneOf({ timeZone: "Europe/Berlin" }).zone,
}
const filled = (template: string, changes: Partial<Moment> = {}) => {
  const result = fillMoment(template, { ...moment, ...changes })
  return result.ok ? result.text : result
}

describe("placeholders of the moment", () => {
  it.each([
    ["{utc}|${start}|{start}", `${start}|${start}|${start}`],
    ["{lutc}|${now}|${timestamp}", `${start + 7201}|${start + 7201}|${start + 7201}`],
    ["{utcend}|${end}", `${start + 5400}|${start + 5400}`],
    ["{duration}|${duration}|{duration:60}|{duration:3600}", "5400|5400|90|2"],
    ["{offset}|${offset}|{offset:1}|{offset:60}", "7201|7201|7201|121"],
    ["{Y}-{m}-{d}:{H}-{M}-{S}", "2026-01-31:23-05-09"],
    ["${start:Y-m-d}T${start:H:M:S}", "2026-01-31T23:05:09"],
    ["{utc:YmdHMS}", "20260131230509"],
    ["{utcend:Y/m/d%20H}", "2026/02/01%2000"],
    ["{lutc:YmdHM}|${now:d}", "202602010105|01"],
    ["?utc={utc}&lutc={lutc}", `?utc=${start}&lutc=${start + 7201}`],
  ])("%s is %s", (template, expected) => {
    expect(filled(template)).toBe(expected)
  })

  it("are of UTC where the provider's zone is not known", () => {
    expect(filled("{H}:{M}", { zone: null })).toBe("22:05")
  })

  it("leave those of the profile, and what a login may hold, as they are", () => {
    expect(filled("{server}/{username}/{password}/{utc}")).toBe(`{server}/{username}/{password}/${start}`)
    expect(filled("/a%7Butc%7D?$1=$&")).toBe("/a%7Butc%7D?$1=$&")
  })

  it.each([
    "{catchup-id}",
    "{nonsense}",
    "${Utc}",
    "{duration:0}",
    "{duration:1.5}",
    "{offset:x}",
    "{Y:m}",
    "{}",
  ])("names %s, which says nothing", (placeholder) => {
    expect(filled(`http://a.test/{utc}/${placeholder}/{other}`)).toEqual({ ok: false, placeholder })
  })
})
