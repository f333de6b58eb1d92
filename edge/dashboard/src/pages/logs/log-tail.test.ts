import { describe, expect, it } from "vitest"
import { emptyTail, mostLines, pageLines, withPage } from "./log-tail.ts"

const line = (seq: number) => ({
  ...{ seq, at: seq, level: "info" as const, category: "streamer.pool", message: `line ${seq}` },
  ...{ properties: {}, streamer: "one" },
})
const page = (from: number, count: number) => ({
  lines: Array.from({ length: count }, (_, index) => line(from + index)),
  next: `one:${from + count - 1}`,
  unanswered: [],
})

describe("the tail of the log", () => {
  it("grows by what came behind it", () => {
    const tail = withPage(withPage(emptyTail, page(1, 2)), page(3, 1))
    expect(tail.lines.map(({ seq }) => seq)).toEqual([1, 2, 3])
    expect([tail.next, tail.arrived, tail.total]).toEqual(["one:3", 1, 3])
  })

  it("stays the same list when nothing came, so that nothing is drawn anew", () => {
    const tail = withPage(emptyTail, page(1, 2))
    expect(withPage(tail, page(3, 0)).lines).toBe(tail.lines)
  })

  it("keeps the newest lines only, and counts the others", () => {
    let tail = emptyTail
    for (let from = 1; from <= mostLines + pageLines; from += pageLines)
      tail = withPage(tail, page(from, pageLines))
    expect([tail.lines.length, tail.lines[0]?.seq, tail.total]).toEqual([
      mostLines,
      pageLines + 1,
      mostLines + pageLines,
    ])
  })

  it("has a key for each line, also when a streamer counts from 1 again", () => {
    const tail = withPage(withPage(emptyTail, page(1, 2)), page(1, 2))
    expect(new Set(tail.lines.map(({ key }) => key)).size).toBe(4)
  })

  it("is behind while full answers come, which the first one is no sign of", () => {
    const first = withPage(emptyTail, page(1, pageLines))
    expect(first.isBehind).toBe(false)
    const second = withPage(first, page(pageLines + 1, pageLines))
    expect(second.isBehind).toBe(true)
    expect(withPage(second, page(1, 3)).isBehind).toBe(false)
  })
})
