import { describe, expect, it } from "vitest"
import { describeIssue } from "../config/describe-issue.ts"
import { changeEdit, channelEditSchema } from "./edit.ts"

const problem = (edit: unknown) => {
  const { error } = channelEditSchema.safeParse(edit)
  return error === undefined ? null : describeIssue(error)
}

const everything = {
  name: "Das Erste",
  hidden: true,
  number: 1,
  groups: ["News", "007"],
  logo: "https://pictures.example/1.png",
  feeds: ["b", "a"],
  merge: ["123456789", "1234567890"],
  split: ["c"],
  guideId: "ard.de",
  guideShiftMinutes: -90,
}

describe("an edit", () => {
  it("may say all there is, or nothing", () => {
    expect(channelEditSchema.parse(everything)).toEqual(everything)
    const nothing = Object.fromEntries(Object.keys(everything).map((key) => [key, null]))
    expect(channelEditSchema.parse(nothing)).toEqual(nothing)
    expect(channelEditSchema.parse({})).toEqual({})
    expect(problem({ logo: "", groups: [], feeds: [], number: 0 })).toBeNull()
  })

  it.each([
    [{ title: "x" }, "title: unknown key"],
    [{ name: "" }, "name: must not be empty"],
    [{ name: " \u00a0" }, "name: must be one line of text"],
    [{ name: "a\n#EXTINF:-1,b" }, "name: must be one line of text"],
    [{ groups: ["a", "b\r"] }, "groups[1]: must be one line of text"],
    [{ groups: ["a", "a"] }, 'groups[1]: "a" is named twice'],
    [{ guideId: "a\u0000" }, "guideId: must be one line of text"],
    [{ number: -1 }, "number: must be at least 0"],
    [{ number: 1_000_000 }, "number: must be at most 999999"],
    [{ number: "5" }, "number: must be a whole number"],
    [{ logo: "javascript:alert(1)" }, "logo: must be an http:// or https:// URL, or empty for no logo"],
    [{ logo: 'http://a/" b' }, "logo: must be an http:// or https:// URL, or empty for no logo"],
    [{ logo: "http://:80" }, "logo: must be an http:// or https:// URL, or empty for no logo"],
    [{ merge: ["12"] }, "merge[0]: must be a channel id: nine or ten digits"],
    [{ merge: ["123456789", "123456789"] }, 'merge[1]: "123456789" is named twice'],
    [{ split: "a" }, "split: must be a list"],
    [{ guideShiftMinutes: 1_441 }, "guideShiftMinutes: must be at most 1440"],
    [{ guideShiftMinutes: -1_441 }, "guideShiftMinutes: must be at least -1440"],
  ])("of %j says what is wrong", (edit, words) => {
    expect(problem(edit)).toBe(words)
  })
})

describe("changing an edit", () => {
  it("keeps the keys that are not given, and takes away those that are null", () => {
    const edit = { name: "One", hidden: true, feeds: ["a"] }
    expect(changeEdit(edit, { name: "Two", hidden: null })).toEqual({ name: "Two", feeds: ["a"] })
    expect(changeEdit(edit, {})).toEqual(edit)
    expect(changeEdit(undefined, { number: 0, logo: "" })).toEqual({ number: 0, logo: "" })
  })

  it("leaves nothing when no key is left that changes anything", () => {
    expect(changeEdit({ name: "One", merge: ["123456789"] }, { name: null, merge: [] })).toBeNull()
    expect(changeEdit(undefined, { hidden: false, alwaysOn: false, feeds: [], split: [] })).toBeNull()
    expect(changeEdit({ hidden: true }, { alwaysOn: true })).toEqual({ hidden: true, alwaysOn: true })
    expect(changeEdit(undefined, {})).toBeNull()
  })

  it("keeps an empty list of groups: the channel is in none", () => {
    expect(changeEdit({ groups: ["News"] }, { groups: [] })).toEqual({ groups: [] })
  })
})
