import type { ChannelRow } from "@tributary/shared/admin-api/channels"
import { describe, expect, it } from "vitest"
import { addToGroups, changeAll, numberFrom, numberingProblem } from "./bulk-change.ts"

const row = (id: string, groups: string[], edit: ChannelRow["edit"] = null): ChannelRow => ({
  id,
  kind: "live",
  name: id,
  groups,
  tvgId: "",
  logo: "",
  number: null,
  feeds: [],
  hidden: false,
  guide: false,
  edit,
})

describe("a change of many channels", () => {
  it("is one call when it is the same for all", () => {
    expect(changeAll([row("1", []), row("2", [])], { hidden: true })).toEqual([
      { ids: ["1", "2"], edit: { hidden: true } },
    ])
  })

  it("adds groups to those that each channel has by now, and leaves alone what has them", () => {
    const rows = [
      row("1", ["News"]),
      row("2", ["Kids"]),
      row("3", ["News"]),
      row("4", ["Old"], { groups: ["News"] }),
      row("5", ["News", "Mine"]),
    ]
    expect(addToGroups(rows, ["Mine"])).toEqual([
      { ids: ["1", "3", "4"], edit: { groups: ["News", "Mine"] } },
      { ids: ["2"], edit: { groups: ["Kids", "Mine"] } },
    ])
  })

  it("numbers in the order of the list by one call", () => {
    expect(numberFrom([row("9", []), row("4", [])], 100)).toEqual([{ ids: ["9", "4"], numberFrom: 100 }])
  })

  it.each([
    [10, 1, null],
    [1, 999_999, null],
    [2, 999_999, "must end at 999999 at most"],
    [1, "", "must be a whole number"],
    [1, -1, "must be a whole number"],
  ])("says what is wrong with %i numbers from %j", (count, first, problem) => {
    expect(numberingProblem(count, first)).toBe(problem)
  })
})
