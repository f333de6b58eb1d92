import { describe, expect, it } from "vitest"
import { millisecondsPerScript, redisUseIn } from "./redis-use.ts"

// Redis 7.0.
const info = [
  "# Stats",
  "total_connections_received:3",
  "total_net_input_bytes:166042",
  "total_net_output_bytes:99",
  "# Commandstats",
  "cmdstat_config|resetstat:calls=1,usec=36,usec_per_call=36.00,rejected_calls=0,failed_calls=0",
  "cmdstat_evalsha:calls=200,usec=28500,usec_per_call=142.50,rejected_calls=0,failed_calls=1",
  "cmdstat_hget:calls=800,usec=1600,usec_per_call=2.00,rejected_calls=0,failed_calls=0",
  "",
].join("\r\n")

describe("what Redis did", () => {
  it("is read from its INFO: calls and time by command, and the bytes of its clients", () => {
    const { commands, inputBytes } = redisUseIn(info)
    expect([...commands]).toEqual([
      ["config|resetstat", { calls: 1, microseconds: 36 }],
      ["evalsha", { calls: 200, microseconds: 28_500 }],
      ["hget", { calls: 800, microseconds: 1_600 }],
    ])
    expect(inputBytes).toBe(166_042)
  })

  it("has a mean time per script, unless it ran none", () => {
    expect(millisecondsPerScript(redisUseIn(info))).toBeCloseTo(0.1425)
    expect(millisecondsPerScript(redisUseIn(""))).toBeNaN()
  })
})
