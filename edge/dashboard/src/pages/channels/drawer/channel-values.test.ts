import { describe, expect, it } from "vitest"
import { changeOf, type PublishedChannel, valuesOf } from "./channel-values.ts"

const channel: PublishedChannel = {
  id: "100000001",
  kind: "live",
  name: "One",
  groups: ["News"],
  tvgId: "",
  logo: "http://logos.example/1.png",
  number: null,
  feeds: [],
  hidden: false,
  guide: false,
  edit: { guideId: "one.example", alwaysOn: true },
}
const before = valuesOf(channel)

describe("the form of a channel", () => {
  it("holds what is published, with what was changed since", () => {
    expect(before).toEqual({
      name: "One",
      number: "",
      groups: ["News"],
      logo: "http://logos.example/1.png",
      hidden: false,
      alwaysOn: true,
      guideId: "one.example",
      guideShiftMinutes: "",
    })
    expect(valuesOf({ ...channel, edit: { name: "Uno", number: 3 } })).toMatchObject({
      name: "Uno",
      number: 3,
    })
  })

  it("sends nothing that is as before", () => {
    expect(changeOf(before, before)).toEqual({})
    expect(changeOf({ ...before, groups: ["News"] }, before)).toEqual({})
    expect(changeOf({ ...before, name: "Uno", hidden: true }, before)).toEqual({ name: "Uno", hidden: true })
  })

  it("leaves to the sources what was emptied, but takes an empty logo as no logo", () => {
    const numbered = { ...before, number: 5, guideShiftMinutes: 60 }
    const emptied = { ...numbered, number: "", guideId: "", guideShiftMinutes: 0, logo: "", groups: [] }
    expect(changeOf(emptied, numbered)).toEqual({
      number: null,
      guideId: null,
      guideShiftMinutes: null,
      logo: "",
      groups: [],
    })
  })

  it("sends a wrong name as it is, so that it is refused in words", () => {
    expect(changeOf({ ...before, name: "" }, before)).toEqual({ name: "" })
  })
})
