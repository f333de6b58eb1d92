import { describe, expect, it } from "vitest"
import { episodeIds } from "./episode-ids.ts"

describe("the ids of episodes", () => {
  it("are fixed: what a player remembers of a series depends on them", () => {
    expect([...episodeIds("1234567890", "acme", ["935666", "1"])]).toEqual([
      ["935666", expect.stringMatching(/^[1-9]\d{8,9}$/)],
      ["1", expect.stringMatching(/^[1-9]\d{8,9}$/)],
    ])
    expect(episodeIds("1234567890", "acme", ["935666"]).get("935666")).toBe("517540063")
  })

  it("fit into signed 32 bit, and stay when others come and go or move", () => {
    const all = Array.from({ length: 3000 }, (_, number) => String(number))
    const ids = episodeIds("1", "a", all)
    expect(new Set(ids.values()).size).toBe(all.length)
    for (const id of ids.values()) expect(Number(id)).toBeLessThan(2 ** 31)
    const some = all.filter((_, at) => at % 3 === 0).toReversed()
    for (const [panelId, id] of episodeIds("1", "a", some)) expect(ids.get(panelId)).toBe(id)
  })

  it("differ for another series and another source", () => {
    const id = (series: string, source: string) => episodeIds(series, source, ["7"]).get("7")
    expect(new Set([id("1", "a"), id("2", "a"), id("1", "b")]).size).toBe(3)
  })
})
