import { describe, expect, it } from "vitest"
import { parseExposition, renderExposition } from "./exposition.ts"
import { sumFamilies } from "./sum-families.ts"

const sum = (...texts: string[]) => renderExposition(sumFamilies(texts.map(parseExposition)))

describe("the sum over streamers", () => {
  it("adds up what has equal labels, and keeps what only one has", () => {
    expect(
      sum(
        '# HELP c Clients.\n# TYPE c gauge\nc{s="a",p="1"} 2\nc{s="b",p="1"} 1\n',
        '# HELP c Clients.\n# TYPE c gauge\nc{p="1",s="a"} 3\n',
      ),
    ).toBe('# HELP c Clients.\n# TYPE c gauge\nc{p="1",s="a"} 5\nc{p="1",s="b"} 1\n')
  })

  it("adds up buckets, sums and counts of histograms", () => {
    const one = '# TYPE h histogram\nh_bucket{le="1"} 1\nh_bucket{le="+Inf"} 2\nh_sum 4.5\nh_count 2\n'
    expect(sum(one, one)).toContain('h_bucket{le="1"} 2\nh_bucket{le="+Inf"} 4\nh_sum 9\nh_count 4\n')
  })

  it("shows the worst of what does not add up, and leaves out what is of one process only", () => {
    const of = (lag: string) =>
      `# TYPE nodejs_eventloop_lag_p99_seconds gauge\nnodejs_eventloop_lag_p99_seconds ${lag}\n` +
      "# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds 1700000000\n"
    const text = sum(of("0.01"), of("0.3"), of("Nan"))
    expect(text).toContain("nodejs_eventloop_lag_p99_seconds 0.3\n")
    expect(text).not.toContain("start_time")
  })

  it("does not mix types of different versions", () => {
    expect(sum("# TYPE x counter\nx 1\n", "# TYPE x gauge\nx 5\n")).toContain("x 1\n")
  })
})
