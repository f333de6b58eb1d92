import { describe, expect, it } from "vitest"
import { stateWatchers } from "./watchers.ts"

const sessions = (many: number) =>
  Array.from({ length: many }, (_, number) => ({ session: `session ${number}`, viewer: "ann" }))

describe("what a streamer says of a stream's viewers", () => {
  it("is each session with its viewer, or none", () => {
    expect(stateWatchers([])).toEqual({ sessions: {}, crowd: null })
    const watching = [
      { session: "a", viewer: "ann" },
      { session: "b", viewer: null },
    ]
    expect(stateWatchers(watching)).toEqual({ sessions: { a: "ann", b: "" }, crowd: null })
  })

  it("is only their number when they are more than eight", () => {
    expect(stateWatchers(sessions(8)).crowd).toBeNull()
    expect(stateWatchers(sessions(9))).toEqual({ sessions: {}, crowd: 9 })
  })

  it("counts several connections of a session as one", () => {
    expect(stateWatchers([...sessions(8), ...sessions(8)]).crowd).toBeNull()
    expect(Object.keys(stateWatchers([...sessions(1), ...sessions(1)]).sessions)).toEqual(["session 0"])
  })
})
