import { describe, expect, it } from "vitest"
import { parseExposition, renderExposition } from "./exposition.ts"

const text = `# HELP bytes Bytes \\\\ and a\\nline.
# TYPE bytes counter
bytes{source="a b}c\\"d\\\\",direction="sent"} 12
bytes{direction="received",source=""} 1.5e+9 1395066363000
# TYPE opened histogram
# a comment
opened_bucket{le="0.1",how="x"} 2
opened_bucket{le="+Inf",how="x"} 3
opened_sum{how="x"} 0.5
opened_count{how="x"} 3
plain 7
lag Nan
top +Inf
`

describe("the text format", () => {
  it("is read: families, sorted labels, a histogram's lines together", () => {
    expect(parseExposition(text)).toEqual([
      {
        name: "bytes",
        help: "Bytes \\\\ and a\\nline.",
        type: "counter",
        samples: [
          { name: "bytes", labels: 'direction="sent",source="a b}c\\"d\\\\"', value: 12 },
          { name: "bytes", labels: 'direction="received",source=""', value: 1.5e9 },
        ],
      },
      {
        name: "opened",
        help: "",
        type: "histogram",
        samples: [
          { name: "opened_bucket", labels: 'how="x",le="0.1"', value: 2 },
          { name: "opened_bucket", labels: 'how="x",le="+Inf"', value: 3 },
          { name: "opened_sum", labels: 'how="x"', value: 0.5 },
          { name: "opened_count", labels: 'how="x"', value: 3 },
        ],
      },
      { name: "plain", help: "", type: "untyped", samples: [{ name: "plain", labels: "", value: 7 }] },
      { name: "lag", help: "", type: "untyped", samples: [{ name: "lag", labels: "", value: Number.NaN }] },
      { name: "top", help: "", type: "untyped", samples: [{ name: "top", labels: "", value: Infinity }] },
    ])
  })

  it("is written as it was read", () => {
    const read = parseExposition(text)
    expect(parseExposition(renderExposition(read))).toEqual(read)
    expect(renderExposition(read)).toContain("top +Inf\n")
  })

  it("gives nothing for what is none of it, however long", () => {
    expect(parseExposition("")).toEqual([])
    expect(parseExposition(`<html>\nname{a="${"x".repeat(100_000)}\n${"{".repeat(100_000)}\n= 3`)).toEqual([])
  })
})
