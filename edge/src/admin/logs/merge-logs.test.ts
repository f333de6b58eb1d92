import type { StreamerLog } from "@tributary/shared/admin-api/logs"
import { describe, expect, it } from "vitest"
import { readCursor, writeCursor } from "./log-cursor.ts"
import { mergeLogs } from "./merge-logs.ts"

/** A log whose lines have these times. */
const said = (streamer: string, times: number[], next = times.length, firstSeq = 1) => ({
  streamer,
  answer: {
    lines: times.map((at, index) => ({
      ...{ seq: firstSeq + index, at, level: "info" as const, category: "streamer.pool", message: "" },
      properties: {},
    })),
    next,
  } satisfies StreamerLog,
})
const shown = (merge: Parameters<typeof mergeLogs>[0]) => {
  const { lines, next } = mergeLogs(merge)
  return [lines.map(({ streamer, at }) => `${streamer}${at}`), Object.fromEntries(next)]
}

describe("several logs", () => {
  it("are one by their times, of which the newest lines are shown", () => {
    const logs = [said("a", [1, 4, 6]), said("b", [2, 3, 5], 9)]
    expect(shown({ said: logs, after: null, limit: 100 })).toEqual([
      ["a1", "b2", "b3", "a4", "b5", "a6"],
      { a: 3, b: 9 },
    ])
    expect(shown({ said: logs, after: null, limit: 2 })).toEqual([["b5", "a6"], { a: 3, b: 9 }])
  })

  it("are read on behind a cursor without leaving out a line", () => {
    const after = new Map([["a", 10]])
    const logs = [said("a", [1, 4, 6], 13, 11), said("b", [2, 3, 5], 9)]
    expect(shown({ said: logs, after, limit: 4 })).toEqual([["a1", "b2", "b3", "a4"], { a: 12, b: 2 }])
    // Nothing of b was shown, nothing of it is passed over.
    expect(shown({ said: logs, after, limit: 1 })).toEqual([["a1"], { a: 11, b: 0 }])
    // All was shown: also what was not asked for is behind.
    expect(shown({ said: logs, after, limit: 6 })[1]).toEqual({ a: 13, b: 9 })
  })

  it("stay each in its order when a clock is set back", () => {
    expect(shown({ said: [said("a", [5, 1, 6]), said("b", [4, 7])], after: null, limit: 9 })[0]).toEqual([
      ...["b4", "a5", "a1", "a6", "b7"],
    ])
  })
})

describe("a cursor", () => {
  it("is read as it was written", () => {
    for (const cursor of [
      new Map(),
      new Map([["a1b2c3d4", 12]]),
      new Map([
        ["x", 0],
        ["y-z_", 99],
      ]),
    ])
      expect(readCursor(writeCursor(cursor))).toEqual(cursor)
  })

  it.each(["a", "a:", ":1", "a:1,", "a:-1", "a:1;b:2", "a b:1", "a:1234567890123456"])(
    "is not %j",
    (text) => {
      expect(readCursor(text)).toBeNull()
    },
  )
})
