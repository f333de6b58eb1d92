import { describe, expect, it } from "vitest"
import { demoToDrop } from "../demo-source.ts"
import { deletionWords, originWords, titleOf } from "./source-words.ts"

const profiles = (count: number) => Array.from({ length: count }, () => ({}) as never)

describe("a source in words", () => {
  it("has its name, or its id", () => {
    expect([titleOf({ id: "acme", name: "Acme" }), titleOf({ id: "acme", name: null })]).toEqual([
      "Acme",
      "acme",
    ])
  })

  it("says what is deleted with it", () => {
    expect(deletionWords({ origin: "api", profiles: profiles(1) })).toContain("its login is deleted")
    expect(deletionWords({ origin: "api", profiles: profiles(3) })).toContain("its 3 profiles are deleted")
  })

  it("says that it comes back where a configuration names it", () => {
    expect(deletionWords({ origin: "file", profiles: profiles(1) })).toContain("back at the next start")
    expect(deletionWords({ origin: "api", profiles: profiles(1) })).not.toContain("next start")
    expect([originWords("api"), originWords("file")]).toEqual([null, expect.stringContaining("next start")])
  })
})

describe("the demo provider", () => {
  it("is kept until there is another source", () => {
    const demo = { id: "demo", origin: "demo" } as const
    expect([demoToDrop([demo]), demoToDrop([]), demoToDrop([{ id: "acme", origin: "api" }])]).toEqual([
      ...[null, null, null],
    ])
    expect(demoToDrop([demo, { id: "acme", origin: "api" }])).toEqual(demo)
  })
})
