import type { ChannelRow } from "@tributary/shared/admin-api/channels"
import { describe, expect, it } from "vitest"
import { effectiveRow, inOrder } from "./effective-row.ts"

const feed = (id: string) => ({ id, source: "acme", name: id })
const row: ChannelRow = {
  id: "100000001",
  kind: "live",
  name: "One",
  groups: ["News"],
  tvgId: "",
  logo: "",
  number: 4,
  feeds: [feed("a"), feed("b"), feed("c")],
  hidden: false,
  guide: true,
  edit: null,
}

describe("a channel as it is shown", () => {
  it("is as it is published when nobody changed it", () => {
    expect(effectiveRow(row)).toEqual({ ...row, alwaysOn: false, edited: false, pending: false })
  })

  it.each([
    [{ name: "Two" }, { name: "Two" }],
    [{ number: 7 }, { number: 7 }],
    [{ hidden: true }, { hidden: true }],
    [{ groups: [] }, { groups: [] }],
    [{ logo: "http://logos.example/1.png" }, { logo: "http://logos.example/1.png" }],
    [{ feeds: ["c"] }, { feeds: [feed("c"), feed("a"), feed("b")] }],
  ])("has the change %j before it is published", (edit, shown) => {
    expect(effectiveRow({ ...row, edit })).toMatchObject({ ...shown, edited: true, pending: true })
  })

  it("waits for nothing when the change is published, or shows in no row", () => {
    for (const edit of [
      { name: "One", groups: ["News"], feeds: ["a"] },
      { alwaysOn: true, guideId: "x" },
    ])
      expect(effectiveRow({ ...row, edit })).toMatchObject({ edited: true, pending: false })
    expect(effectiveRow({ ...row, edit: { alwaysOn: true } }).alwaysOn).toBe(true)
  })

  it("is shown again as soon as it is hidden no more", () => {
    expect(effectiveRow({ ...row, hidden: true })).toMatchObject({ hidden: false, pending: true })
  })
})

describe("the order of feeds", () => {
  it("has those first that are named, whether or not all of them are there", () => {
    expect(inOrder(row.feeds, ["gone", "c", "a"]).map(({ id }) => id)).toEqual(["c", "a", "b"])
    expect(inOrder(row.feeds, []).map(({ id }) => id)).toEqual(["a", "b", "c"])
  })
})
