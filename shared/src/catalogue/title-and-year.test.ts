import { describe, expect, it } from "vitest"
import { titleAndYear } from "./title-and-year.ts"

describe("a title's year", () => {
  it.each([
    ["Film (1999)", "", "Film", "1999"],
    ["Film  (2019)", "2020-01-01", "Film", "2019"],
    ["Film", "2020-01-01", "Film", "2020"],
    ["2012", "", "2012", null],
    ["(2012)", "", "(2012)", null],
    ["Film (1234)", "soon", "Film (1234)", null],
    ["Film (1999) HD", "", "Film (1999) HD", null],
  ])("of %j, released %j", (name, releaseDate, title, year) => {
    expect(titleAndYear(name, releaseDate)).toEqual({ title, year })
  })
})
