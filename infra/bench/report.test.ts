import { describe, expect, it } from "vitest"
import { figure, markdownTable, Report } from "./report.ts"

describe("a report", () => {
  it("prints each figure as it comes, with its target and whether it was met", () => {
    const printed: string[] = []
    const report = new Report("parse", (line) => printed.push(line))
    report.row("speed", "200 MB/s")
    report.row("ratio", "4.0 times", "≥ 5 times", false)
    report.atMost("memory", 700, 700, "MB")
    report.atMost("time", 25.01, 25, "s")
    expect(printed).toEqual([
      "  speed: 200 MB/s",
      "  ratio: 4.0 times (target ≥ 5 times: missed)",
      "  memory: 700 MB (target ≤ 700 MB: met)",
      "  time: 25.0 s (target ≤ 25 s: missed)",
    ])
  })

  it("becomes a Markdown table that no text of its cells can break", () => {
    const report = new Report("parse", () => undefined)
    report.row("a | b", "1", "2", true)
    expect(markdownTable(report.rows)).toBe(
      "| bench | what | measured | target |  |\n| --- | --- | --- | --- | --- |\n" +
        "| `parse` | a \\| b | 1 | 2 | met |\n",
    )
  })
})

it("a figure has three digits", () => {
  expect([1234.5, 123.4, 12.34, 1.234, 0.1234, 0.0123, Number.NaN].map(figure)).toEqual([
    "1235",
    "123",
    "12.3",
    "1.23",
    "0.12",
    "0.012",
    "–",
  ])
})
