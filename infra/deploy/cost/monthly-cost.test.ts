import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { egressCost, gigabytesPerViewerHour, monthlyCost, taskHourCost } from "./monthly-cost.ts"
import { egressSteps, prices } from "./prices.ts"
import { renderCostTable } from "./render-table.ts"

const page = readFileSync(fileURLToPath(new URL("../DEPLOY.md", import.meta.url)), "utf8")

describe("the cost of a month", () => {
  it("is made of traffic first", () => {
    expect(gigabytesPerViewerHour()).toBe(2.25)
    expect(monthlyCost(10).gigabytes).toBe(2_025)
    expect(monthlyCost(1_000).egress / monthlyCost(1_000).total).toBeGreaterThan(0.99)
  })

  it("takes each gigabyte at the price of the step that it falls in", () => {
    expect(egressCost(100)).toBe(0)
    expect(egressCost(200)).toBeCloseTo(9)
    expect(egressCost(10_240)).toBeCloseTo(912.6)
    expect(egressCost(10_241)).toBeCloseTo(912.685)
    expect(egressCost(153_601)).toBeCloseTo(912.6 + 3_481.6 + 7_168 + 0.05)
  })

  it("has one task outside the hours that people watch in", () => {
    expect(taskHourCost()).toBeCloseTo(0.084)
    expect(monthlyCost(10).taskHours).toBe(720)
    expect(monthlyCost(1_000).taskHours).toBe(990)
  })

  it("is what DEPLOY.md says", () => {
    expect(withoutPadding(page)).toContain(withoutPadding(renderCostTable([10, 1_000, 10_000])))
  })

  it("has a source for each price on that page", () => {
    for (const { source } of [...Object.values(prices), egressSteps]) expect(page).toContain(source)
  })
})

/** The formatter aligns the columns of tables. */
const withoutPadding = (text: string) => text.replaceAll(/ +/g, " ").replaceAll(/-{3,}/g, "---")
