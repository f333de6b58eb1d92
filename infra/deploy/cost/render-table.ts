import { monthlyCost } from "./monthly-cost.ts"

const dollars = (amount: number) => `$${Math.round(amount).toLocaleString("en-US")}`

/** The table of DEPLOY.md, in Markdown. */
export function renderCostTable(viewerCounts: readonly number[]): string {
  const rows = viewerCounts.map((viewers) => {
    const cost = monthlyCost(viewers)
    const share = `${((cost.egress / cost.total) * 100).toFixed(0)} %`
    return [
      viewers.toLocaleString("en-US"),
      `${Math.round(cost.gigabytes).toLocaleString("en-US")} GB`,
      dollars(cost.egress),
      `${cost.taskHours.toLocaleString("en-US")} h`,
      dollars(cost.tasks),
      dollars(cost.workers),
      dollars(cost.redis),
      dollars(cost.total),
      share,
    ]
  })
  const head = [
    ...["viewers", "traffic", "AWS traffic", "task hours", "AWS tasks", "Workers", "Upstash", "a month"],
    "of it traffic",
  ]
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`
  return [line(head), line(head.map(() => "---:")), ...rows.map(line)].join("\n")
}
