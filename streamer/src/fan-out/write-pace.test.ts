import { describe, expect, it } from "vitest"
import { WritePace } from "./write-pace.ts"

/** A pace on a clock that only this test moves. */
function start() {
  let now = 1_000
  const pace = new WritePace(() => now)
  const pass = (milliseconds: number) => {
    now += milliseconds
  }
  return { pace, pass, write: (milliseconds: number) => pace.measure(() => pass(milliseconds)) }
}

describe("how long packets are gathered", () => {
  it("is no time while writing takes less than a tenth of the loop", () => {
    const { pace, pass, write } = start()
    for (let round = 0; round < 1_000; round++) {
      expect(pace.waitMilliseconds).toBe(0)
      write(0.9)
      pass(9)
    }
  })

  it("is so long that writing takes a tenth of the loop", () => {
    const { pace, pass, write } = start()
    let [writing, waiting] = [0, 0]
    for (let round = 0; round < 1_000; round++) {
      const wait = pace.waitMilliseconds
      pass(wait)
      write(2)
      writing += 2
      waiting += wait
    }
    expect(writing / (writing + waiting)).toBeCloseTo(0.1, 1)
  })

  it("is never longer than 50 ms, and soon nothing again when a long round is over", () => {
    const { pace, pass, write } = start()
    for (let round = 0; round < 10; round++) write(400)
    expect(pace.waitMilliseconds).toBe(50)
    pass(50)
    expect(pace.waitMilliseconds).toBeCloseTo(0)
  })
})
