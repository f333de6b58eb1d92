import { describe, expect, it } from "vitest"
import { calmMilliseconds, desiredCount, type FleetLoad, type LoadSample } from "./desired-count.ts"
import { evening, follow, match, night, seeded } from "./load-curves-fixture.ts"

const limits = {
  ...{ minimum: 0, maximum: 40 },
  ...{ viewersPerTask: 100, bitsPerSecondPerTask: 1_000_000_000, transcodesPerTask: 4 },
}
const nothing: FleetLoad = { viewers: 0, bitsPerSecond: 0, transcodes: 0, streams: 0 }
const minute = 60_000
const now = 10_000_000

const samplesOf = (wanted: readonly number[], load: Partial<FleetLoad> = {}): LoadSample[] =>
  wanted.map((kept, at) => ({ ...nothing, ...load, kept, at: now - (wanted.length - at) * minute }))

function tasks(
  load: Partial<FleetLoad>,
  more: {
    current?: number
    samples?: LoadSample[]
    isWished?: boolean
    minimum?: number
    maximum?: number
  } = {},
): number {
  const { current = 0, samples = [], isWished = false, ...changed } = more
  const observed = { now, load: { ...nothing, ...load }, samples, isWished, current }
  return desiredCount({ ...observed, limits: { ...limits, ...changed } }).tasks
}

describe("the number of tasks", () => {
  it("is what the dimension needs that needs most, with headroom", () => {
    expect(tasks({ viewers: 1 })).toBe(1)
    expect(tasks({ viewers: 83 })).toBe(1)
    expect(tasks({ viewers: 84 })).toBe(2)
    expect(tasks({ viewers: 10, bitsPerSecond: 2_000_000_000 })).toBe(3)
    expect(tasks({ viewers: 10, transcodes: 11 })).toBe(4)
  })

  it("lies between minimum and maximum, and may be none", () => {
    expect(tasks({})).toBe(0)
    expect(tasks({}, { minimum: 2 })).toBe(2)
    expect(tasks({ viewers: 5_000 }, { maximum: 7 })).toBe(7)
  })

  it("is one when somebody asks while none runs, and while a stream runs that nobody watches", () => {
    expect(tasks({}, { isWished: true })).toBe(1)
    expect(tasks({ streams: 1 })).toBe(1)
  })

  it("rises at once, by as much as is needed when what is started now is there", () => {
    const steady = samplesOf([5, 5, 5, 5], { viewers: 400 })
    expect(tasks({ viewers: 400 }, { current: 5, samples: steady })).toBe(5)
    // 80 more within a minute, of which 22 by chance: 145 more until what is started next is there, and the headroom.
    expect(tasks({ viewers: 480 }, { current: 5, samples: steady })).toBe(8)
  })

  it("takes no fall for growth", () => {
    expect(tasks({ viewers: 300 }, { current: 4, samples: samplesOf([4, 4, 4], { viewers: 390 }) })).toBe(4)
  })
})

describe("fewer tasks", () => {
  const minutes = calmMilliseconds / minute

  it("are there only after fewer would do for a quarter of an hour, and one fewer at a time", () => {
    const low = { viewers: 80 }
    expect(tasks(low, { current: 6, samples: samplesOf(Array(minutes - 2).fill(1), low) })).toBe(6)
    expect(tasks(low, { current: 6, samples: samplesOf(Array(minutes).fill(1), low) })).toBe(5)
  })

  it("are not there while a single minute of these wanted as many", () => {
    const wanted = [1, 1, 1, 6, ...Array(minutes - 4).fill(1)]
    expect(tasks({ viewers: 80 }, { current: 6, samples: samplesOf(wanted, { viewers: 80 }) })).toBe(6)
    expect(tasks({ viewers: 80 }, { current: 7, samples: samplesOf(wanted, { viewers: 80 }) })).toBe(6)
  })

  it("are not there when nothing is known of before, as after the store lost its data", () => {
    expect(tasks({}, { current: 6 })).toBe(6)
    expect(tasks({}, { current: 6, samples: samplesOf(Array(3).fill(0)) })).toBe(6)
  })

  it("go by nothing that lies in the future, as after the store's clock was set back", () => {
    const ahead = samplesOf(Array(minutes).fill(9)).map((sample) => ({
      ...sample,
      at: sample.at + 3_600_000,
    }))
    const observed = { limits, now, load: nothing, isWished: false, current: 6 }
    expect(desiredCount({ ...observed, samples: ahead })).toEqual({
      tasks: 6,
      samples: [{ ...nothing, at: now, kept: 0 }],
    })
  })

  it("leave a bounded memory", () => {
    let samples: LoadSample[] = []
    for (let at = 0; at < 100; at++)
      samples = desiredCount({
        limits,
        now: at * minute,
        load: nothing,
        samples,
        isWished: false,
        current: 1,
      }).samples
    expect(samples).toHaveLength(minutes + 1)
  })
})

describe.each([
  ["an evening", evening],
  ["a football match", match],
  ["a night", night],
])("through %s", (_name, curve) => {
  const followed = [1, 2, 3, 4, 5].map((seed) => follow(limits, curve, seeded(seed)))

  it("there is room for everyone, though a task takes a minute to start", () => {
    for (const minutes of followed)
      for (const [at, { ready, minute: of }] of minutes.entries()) {
        const next = minutes[at + 1]?.load.viewers ?? 0
        // The very first viewer after a night without any has to wait for a task.
        if (ready > 0) expect(next, `minute ${of + 1}`).toBeLessThanOrEqual(ready * limits.viewersPerTask)
      }
  })

  it("no task is ended and started again within a quarter of an hour", () => {
    for (const minutes of followed) {
      const fell = new Map<number, number>()
      for (const [at, { wanted }] of minutes.entries()) {
        const before = minutes[at - 1]?.wanted ?? wanted
        if (wanted < before) fell.set(before, at)
        for (let task = before + 1; task <= wanted; task++)
          expect(at - (fell.get(task) ?? Number.NEGATIVE_INFINITY), `task ${task} at ${at}`).toBeGreaterThan(
            15,
          )
      }
    }
  })

  it("less than two thirds more tasks run than the viewers fill, and one", () => {
    for (const minutes of followed) {
      const run = minutes.reduce((sum, { wanted }) => sum + wanted, 0)
      const filled = minutes.reduce((sum, { load }) => sum + load.viewers / limits.viewersPerTask, 0)
      expect(run).toBeLessThan(filled * 1.65 + minutes.length)
    }
  })
})
