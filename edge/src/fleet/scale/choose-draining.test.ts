import { describe, expect, it } from "vitest"
import { type Carrier, carriersOf, loadOf } from "./carriers.ts"
import { chooseDraining, takingViewers } from "./choose-draining.ts"

const carrier = (id: string, more: Partial<Carrier> = {}): Carrier => ({
  ...{ arn: id, streamer: id, isNewest: true, isDraining: false, isMarked: false },
  ...{ viewers: 0, films: 0, streams: 0, bitsPerSecond: 0, transcodes: 0 },
  ...more,
})
const busy = (id: string, viewers: number, more: Partial<Carrier> = {}) => carrier(id, { viewers, ...more })
const draining = { isMarked: true, isDraining: true }
const old = { isNewest: false }

describe("when fewer tasks are wanted", () => {
  it("the emptiest drain, and those who play films last", () => {
    const carriers = [busy("a", 40), busy("b", 3, { films: 1 }), busy("c", 5), busy("d", 90)]
    expect(chooseDraining(carriers, { wanted: 3, desired: 4 })).toEqual({ toDrain: ["c"], desired: 4 })
    expect(chooseDraining(carriers, { wanted: 1, desired: 4 }).toDrain).toEqual(["c", "a", "d"])
  })

  it("the count is lowered by those on which nobody watches, and by no others", () => {
    const carriers = [
      busy("a", 40),
      busy("b", 2, draining),
      carrier("c", draining),
      carrier("d"),
      carrier("e"),
    ]
    expect(chooseDraining(carriers, { wanted: 2, desired: 5 })).toEqual({ toDrain: ["b", "c"], desired: 3 })
    expect(chooseDraining(carriers, { wanted: 3, desired: 5 })).toEqual({ toDrain: ["b", "c"], desired: 4 })
  })

  it("a film that plays on keeps its task", () => {
    const carriers = [busy("a", 40), busy("b", 1, { ...draining, films: 1 })]
    expect(chooseDraining(carriers, { wanted: 1, desired: 2 })).toEqual({ toDrain: ["b"], desired: 2 })
  })

  it("who drains goes on, though another is emptier by now", () => {
    const carriers = [busy("a", 40, draining), busy("b", 5), busy("c", 50)]
    expect(chooseDraining(carriers, { wanted: 2, desired: 3 })).toEqual({ toDrain: ["a"], desired: 3 })
  })

  it("who is to drain is not taken for one that takes viewers before it has heard of it", () => {
    const carriers = [busy("a", 40), busy("b", 20, { isMarked: true })]
    expect(takingViewers(carriers, 2)).toBe(1)
    expect(chooseDraining(carriers, { wanted: 1, desired: 2 })).toEqual({ toDrain: ["b"], desired: 2 })
  })

  it("what has not started goes first", () => {
    const starting = carrier("new", { streamer: null })
    expect(chooseDraining([busy("a", 1), starting], { wanted: 1, desired: 2 })).toEqual({
      toDrain: [],
      desired: 1,
    })
    expect(chooseDraining([busy("a", 1)], { wanted: 1, desired: 3 })).toEqual({ toDrain: [], desired: 1 })
  })
})

describe("when more tasks are wanted", () => {
  it("they are started besides those that drain, as these do not come back", () => {
    const carriers = [busy("a", 90), busy("b", 20, draining), carrier("c", draining)]
    expect(takingViewers(carriers, 3)).toBe(1)
    expect(chooseDraining(carriers, { wanted: 2, desired: 3 })).toEqual({ toDrain: ["b", "c"], desired: 4 })
    expect(chooseDraining(carriers, { wanted: 1, desired: 3 })).toEqual({ toDrain: ["b", "c"], desired: 2 })
  })

  it("one that leaves on its own account is replaced", () => {
    const carriers = [busy("a", 90), busy("b", 20, { isDraining: true })]
    expect(takingViewers(carriers, 2)).toBe(1)
    expect(chooseDraining(carriers, { wanted: 2, desired: 2 })).toEqual({ toDrain: ["b"], desired: 3 })
  })
})

describe("in a deployment", () => {
  it("old tasks serve on until new ones are there, one for one", () => {
    const before = [busy("o1", 30, old), busy("o2", 10, old), carrier("n1", { streamer: null })]
    expect(chooseDraining(before, { wanted: 2, desired: 2 })).toEqual({ toDrain: [], desired: 2 })
    const half = [busy("o1", 30, old), busy("o2", 10, old), carrier("n1")]
    expect(chooseDraining(half, { wanted: 2, desired: 2 })).toEqual({ toDrain: ["o2"], desired: 2 })
    const all = [...half, carrier("n2")]
    expect(chooseDraining(all, { wanted: 2, desired: 2 })).toEqual({ toDrain: ["o2", "o1"], desired: 2 })
  })

  it("old tasks that still play films are no reason for fewer new ones", () => {
    const carriers = [busy("o1", 3, { ...old, ...draining, films: 3 }), busy("n1", 50), busy("n2", 60)]
    expect(takingViewers(carriers, 2)).toBe(2)
    expect(chooseDraining(carriers, { wanted: 2, desired: 2 })).toEqual({ toDrain: ["o1"], desired: 2 })
  })
})

describe("the load", () => {
  it("is what all carry, except films where they will end", () => {
    const film = { viewers: 10, films: 4, bitsPerSecond: 100, transcodes: 1, streams: 2 }
    expect(loadOf([carrier("a", film)])).toEqual({
      viewers: 10,
      bitsPerSecond: 100,
      transcodes: 1,
      streams: 2,
    })
    for (const leaving of [old, { isDraining: true }, { isMarked: true }])
      expect(loadOf([carrier("a", { ...film, ...leaving })])).toEqual({
        ...{ viewers: 6, bitsPerSecond: 60, transcodes: 1, streams: 2 },
      })
  })

  it("is told from tasks and from what their streamers said last", () => {
    const record = {
      ...{ address: "", internalAddress: "", region: "EU", maxViewers: null, version: "1", at: 0 },
      ...{ viewers: 7, streams: 2, draining: false, task: "arn/1" },
    }
    const tasks = [
      { arn: "arn/1", isNewest: true },
      { arn: "arn/2", isNewest: true },
    ]
    const known = carriersOf(tasks, [["s1", record]], new Set(["s1"]))
    expect(known[0]).toMatchObject({ streamer: "s1", viewers: 7, films: 0, isMarked: true })
    expect(known[1]).toMatchObject({ streamer: null, viewers: 0, isMarked: false })
  })
})
