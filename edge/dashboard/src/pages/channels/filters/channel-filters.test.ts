import { describe, expect, it } from "vitest"
import { filtersOf, isFiltered, listPath, noFilters, withFilters } from "./channel-filters.ts"

const filters = { search: "das & das", group: "News", kind: "live", hidden: false, guide: true } as const

describe("the filters of the page's address", () => {
  it("are those that were put there", () => {
    expect(filtersOf(withFilters(new URLSearchParams(), filters))).toEqual(filters)
    expect(filtersOf(new URLSearchParams())).toEqual(noFilters)
  })

  it("ask for nothing that there is not", () => {
    expect(filtersOf(new URLSearchParams("kind=film&hidden=maybe&guide="))).toEqual(noFilters)
  })

  it("leave what else the address says", () => {
    const before = new URLSearchParams("channel=5&search=x&group=y")
    expect(withFilters(before, { ...noFilters, hidden: true }).toString()).toBe("channel=5&hidden=true")
    expect(before.get("search")).toBe("x")
  })

  it("are said to be there when one is", () => {
    expect(isFiltered(noFilters)).toBe(false)
    expect(isFiltered({ ...noFilters, hidden: false })).toBe(true)
  })
})

describe("the path of the list", () => {
  it("says what is asked for and which part of it", () => {
    expect(listPath(filters, 400, 200)).toBe(
      "/channels?search=das+%26+das&group=News&kind=live&hidden=false&guide=true&offset=400&limit=200",
    )
    expect(listPath(noFilters, 0, 1)).toBe("/channels?offset=0&limit=1")
  })
})
