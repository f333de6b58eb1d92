import { describe, expect, it } from "vitest"
import { withoutUpstashFlags } from "./script-flags.ts"

const script = (text: string) =>
  withoutUpstashFlags({ name: "EVAL", arguments: ["EVAL", text, "0"] }).arguments[1]

describe("flags of a script that only Upstash knows", () => {
  it.each([
    ["#!lua flags=allow-key-locking\nreturn 1", "#!lua\nreturn 1"],
    ["#!lua flags=no-writes,allow-key-locking\nreturn 1", "#!lua flags=no-writes\nreturn 1"],
    ["#!lua name=x flags=allow-key-locking\nreturn 1", "#!lua name=x\nreturn 1"],
    ["#!lua flags=no-writes\nreturn 1", "#!lua flags=no-writes\nreturn 1"],
    ["return 'flags=allow-key-locking'", "return 'flags=allow-key-locking'"],
  ])("%j is sent as %j", (given, sent) => {
    expect(script(given)).toBe(sent)
  })

  it("go from SCRIPT LOAD too, and no other command is touched", () => {
    const load = ["script", "load", "#!lua flags=allow-key-locking\nreturn 1"]
    expect(withoutUpstashFlags({ name: "SCRIPT", arguments: load }).arguments[2]).toBe("#!lua\nreturn 1")
    const set = { name: "SET", arguments: ["SET", "#!lua flags=allow-key-locking", "v"] }
    expect(withoutUpstashFlags(set)).toEqual(set)
  })
})
