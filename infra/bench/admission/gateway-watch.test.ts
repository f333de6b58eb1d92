import { expect, it } from "vitest"
import { commandList, difference } from "./gateway-watch.ts"

it("what came between two readings of the gateway is told by command, the most frequent first", () => {
  const before = { requests: 5, commands: 7, byCommand: { EVALSHA: 4, GET: 3 } }
  const after = { requests: 9, commands: 13, byCommand: { HKEYS: 1, EVALSHA: 9, GET: 3 } }
  const between = difference(before, after)
  expect(between).toEqual({ requests: 4, commands: 6, byCommand: { EVALSHA: 5, HKEYS: 1 } })
  expect(commandList(between)).toBe("EVALSHA 5, HKEYS 1")
  expect(commandList(difference(after, after))).toBe("none")
})
