import { describe, expect, it } from "vitest"
import { nextStep, type StreamSight } from "./next-step.ts"

const watched: StreamSight = { own: 3, relays: 0, isOrigin: true, quiet: 0, since: 0 }
const left: StreamSight = { ...watched, own: 0, quiet: 500, since: 1_000 }

describe("a live stream whose streamer drains", () => {
  it("has its viewers come again, and does not wait for those who stay for too long", () => {
    expect(nextStep(watched)).toBe("move")
    expect(nextStep({ ...watched, since: 29_999 })).toBe("move")
    expect(nextStep({ ...watched, since: 30_000 })).toBe("close")
  })

  it("keeps its connection until they are back, wherever that is", () => {
    expect(nextStep(left)).toBe("wait")
    expect(nextStep({ ...left, quiet: 9_999 })).toBe("wait")
    expect(nextStep({ ...left, quiet: 10_000 })).toBe("close")
  })

  it("gives it to who relays it, once the others have had time to follow the first", () => {
    expect(nextStep({ ...left, relays: 1 })).toBe("wait")
    expect(nextStep({ ...left, relays: 1, quiet: 2_000 })).toBe("close")
  })

  it("closes at once where nobody of its own watches, or another streamer has the connection", () => {
    expect(nextStep({ ...left, quiet: null, relays: 2 })).toBe("close")
    expect(nextStep({ ...left, isOrigin: false })).toBe("close")
    expect(nextStep({ ...watched, isOrigin: false })).toBe("move")
  })
})
