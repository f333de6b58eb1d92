import { describe, expect, it } from "vitest"
import { lineText, propertiesInLine, propertyLines, timeOf } from "./line-words.ts"

const line = {
  ...{ seq: 1, at: Date.UTC(2026, 0, 2, 3, 4, 5, 6), level: "warning" as const, category: "streamer.pool" },
  ...{ message: "feed failed", properties: { feed: "f1", tries: 3, why: { code: 5 } }, streamer: "one" },
}

describe("a line of the log", () => {
  it("has its time to the millisecond", () => {
    expect(timeOf(new Date(2026, 0, 2, 3, 4, 5, 6).getTime())).toBe("03:04:05.006")
  })

  it("shows its properties one on each line, or in short, texts as they are", () => {
    expect(propertyLines(line.properties)).toBe('feed: f1\ntries: 3\nwhy: {"code":5}')
    expect(propertiesInLine(line.properties)).toBe('feed=f1 tries=3 why={"code":5}')
    expect(propertiesInLine({ why: "x".repeat(500) })).toMatch(/^why=x{156}…$/)
    expect(propertyLines({})).toBe("")
  })

  it("is copied whole", () => {
    expect(lineText(line)).toBe(
      '2026-01-02T03:04:05.006Z WARNING one streamer.pool feed failed {"feed":"f1","tries":3,"why":{"code":5}}',
    )
    expect(lineText({ ...line, properties: {} })).toMatch(/ feed failed$/)
  })
})
