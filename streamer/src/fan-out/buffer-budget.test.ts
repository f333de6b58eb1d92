import { describe, expect, it } from "vitest"
import { BufferBudget, type BufferHolder } from "./buffer-budget.ts"

/** A stream that holds so much for slow viewers and for joiners. */
function holder(backlog: number, opening: number) {
  const held = { backlog, opening }
  return {
    held,
    giveUpBacklog() {
      held.backlog = Math.min(held.backlog, held.opening)
      return held.opening
    },
    giveUpOpening() {
      held.opening = 0
      return held.backlog
    },
  } satisfies BufferHolder & { held: object }
}

describe("the budget of all streams", () => {
  it("leaves everyone alone while it is not used up", () => {
    const budget = new BufferBudget(() => 100)
    const [one, other] = [holder(60, 10), holder(40, 10)]
    budget.report(one, 60)
    budget.report(other, 40)
    expect([one.held, other.held, budget.bytes]).toEqual([
      { backlog: 60, opening: 10 },
      { backlog: 40, opening: 10 },
      100,
    ])
  })

  it("has those moved first who hold back the most, whoever asks for more", () => {
    const budget = new BufferBudget(() => 100)
    const [large, small] = [holder(80, 10), holder(30, 10)]
    budget.report(large, 80)
    budget.report(small, 30)
    expect(large.held).toEqual({ backlog: 10, opening: 10 })
    expect(small.held).toEqual({ backlog: 30, opening: 10 })
    expect(budget.bytes).toBe(40)
  })

  it("lets joiners wait only when there is no backlog left to give up", () => {
    const budget = new BufferBudget(() => 100)
    const streams = [holder(60, 40), holder(50, 30), holder(0, 45)]
    for (const each of streams) budget.report(each, Math.max(each.held.backlog, each.held.opening))
    expect(streams.map(({ held }) => held.backlog)).toEqual([40, 30, 0])
    expect(streams.map(({ held }) => held.opening)).toEqual([40, 30, 0])
    expect(budget.bytes).toBe(70)
  })

  it("gives back what a stream held that is over, and follows the setting", () => {
    let maxBytes = 100
    const budget = new BufferBudget(() => maxBytes)
    const [one, other] = [holder(60, 10), holder(40, 10)]
    budget.report(one, 60)
    budget.remove(one)
    expect(budget.bytes).toBe(0)
    budget.report(other, 40)
    maxBytes = 30
    budget.report(other, 40)
    expect(other.held.backlog).toBe(10)
  })
})
