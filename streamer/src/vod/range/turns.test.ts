import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Turns, turnBytes } from "./turns.ts"

describe("turns", () => {
  it("are taken in the order in which ranges want something, each at most once", () => {
    const turns = new Turns<string>()
    for (const range of ["a", "b", "a", "c"]) turns.want(range, 0)
    expect(
      [turns.begin(0), turns.begin(0), turns.begin(0), turns.begin(0)].map((turn) => turn?.range),
    ).toEqual(["a", "b", "c", undefined])
  })

  it("of a range alone are not shared and never end", () => {
    const turns = new Turns<string>()
    turns.want("a", 0)
    expect(turns.begin(0)).toEqual({ range: "a", isShared: false })
    turns.gave("a", 100 * turnBytes, 1)
    turns.full("a", 2)
    expect(turns.endsIn(100_000)).toBeNull()
  })

  it("end when another waits and enough was given", () => {
    const turns = new Turns<string>()
    turns.want("a", 0)
    turns.begin(0)
    turns.want("b", 1)
    turns.gave("a", turnBytes - 1, 2)
    expect(turns.endsIn(2)).toBeNull()
    turns.gave("a", 1, 3)
    expect(turns.endsIn(3)).toBe(0)
  })

  it("end when another waits and the player has taken nothing for a moment", () => {
    const turns = new Turns<string>()
    turns.want("a", 0)
    turns.begin(0)
    turns.full("a", 10)
    turns.full("a", 50)
    expect(turns.endsIn(50)).toBeNull()
    turns.want("b", 60)
    expect(turns.endsIn(60)).toBe(50)
    expect(turns.endsIn(500)).toBe(0)
    turns.want("a", 510)
    expect(turns.endsIn(510)).toBeNull()
  })

  it("are shared while another has wanted bytes lately", () => {
    const turns = new Turns<string>()
    turns.want("a", 0)
    turns.want("b", 0)
    expect(turns.begin(0)).toEqual({ range: "a", isShared: true })
    turns.end()
    expect(turns.begin(9_999)).toEqual({ range: "b", isShared: true })
    turns.gave("b", 1, 9_999)
    turns.end()
    turns.want("b", 10_000)
    expect(turns.begin(10_000)).toEqual({ range: "b", isShared: false })
  })

  it("are not shared with a range that has gone, nor held by it", () => {
    const turns = new Turns<string>()
    for (const range of ["a", "b", "c"]) turns.want(range, 0)
    turns.begin(0)
    turns.leave("a")
    turns.leave("b")
    expect(turns.endsIn(0)).toBeNull()
    expect(turns.begin(0)).toEqual({ range: "c", isShared: false })
    expect(turns.begin(0)).toBeNull()
  })

  it("let no range wait for more than one turn of each other", () => {
    const events = fc.array(fc.tuple(fc.constantFrom("want", "full", "gave", "leave"), fc.nat(4)), {
      maxLength: 200,
    })
    fc.assert(
      fc.property(events, (steps) => {
        const turns = new Turns<number>()
        const passed = new Map<number, number[]>()
        let current: number | null = null
        steps.forEach(([kind, range], now) => {
          if (kind === "leave") {
            passed.delete(range)
            if (current === range) current = null
            turns.leave(range)
          } else if (kind === "want") {
            if (current !== range && !passed.has(range)) passed.set(range, [])
            turns.want(range, now)
          } else if (kind === "full") turns.full(range, now)
          else turns.gave(range, turnBytes, now)
          if (current !== null && turns.endsIn(now) !== 0) return
          turns.end()
          const next = turns.begin(now)
          current = next?.range ?? null
          if (current === null) expect(passed.size).toBe(0)
          else {
            expect(passed.has(current)).toBe(true)
            passed.delete(current)
            for (const [, others] of passed) {
              expect(others).not.toContain(current)
              others.push(current)
            }
          }
        })
      }),
    )
  })
})
