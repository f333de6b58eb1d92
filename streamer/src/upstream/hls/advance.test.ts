import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { advance, type Position } from "./advance.ts"
import type { MediaPlaylist } from "./playlist.ts"

function window(first: number, count: number, changes: Partial<MediaPlaylist> = {}): MediaPlaylist {
  const segments = Array.from({ length: count }, (_, n) => ({
    ...{ sequence: first + n, url: `http://a.test/${first + n}.ts`, seconds: 2, span: null },
    ...{ key: { method: "none" } as const, init: null, isDiscontinuous: false, isGap: false },
  }))
  return { kind: "media", targetSeconds: 2, segments, isNumbered: true, isComplete: false, ...changes }
}

const numbers = ({ segments }: { segments: { sequence: number }[] }) =>
  segments.map(({ sequence }) => sequence)

/** All that is played of playlists that are loaded one after the other. */
function played(playlists: MediaPlaylist[]) {
  let position: Position | null = null
  const sequences: number[] = []
  let skipped = 0
  const broken: number[] = []
  for (const playlist of playlists) {
    const step = advance(position, playlist)
    position = step.position
    skipped += step.skipped
    if (step.isBroken && step.segments[0] !== undefined) broken.push(step.segments[0].sequence)
    sequences.push(...numbers(step))
  }
  return { sequences, skipped, broken }
}

describe("the beginning", () => {
  it("is three target durations before the end of a live playlist, or its first segment", () => {
    expect(numbers(advance(null, window(100, 30)))).toEqual([127, 128, 129])
    expect(numbers(advance(null, window(100, 2)))).toEqual([100, 101])
    const short = window(0, 10, { targetSeconds: 3 })
    expect(numbers(advance(null, short))).toEqual([5, 6, 7, 8, 9])
  })

  it("is the first segment of a complete playlist", () => {
    expect(numbers(advance(null, window(0, 50, { isComplete: true }))).length).toBe(50)
  })

  it("waits for the first segment there is", () => {
    expect(played([window(0, 0), window(500, 3)])).toMatchObject({ sequences: [500, 501, 502], skipped: 0 })
  })
})

describe("each segment", () => {
  it("comes once and in order, whatever the window and however it slides", () => {
    const slides = fc.array(fc.nat(10), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.nat(1_000_000), slides, (count, first, steps) => {
        let at = first
        const playlists = [window(at, count)]
        for (const step of steps) {
          at += Math.min(step, count)
          playlists.push(window(at, count))
        }
        const { sequences, skipped, broken } = played(playlists)
        const start = Math.max(first, first + count - 3)
        expect(sequences).toEqual(Array.from({ length: at + count - start }, (_, n) => start + n))
        expect([skipped, broken]).toEqual([0, []])
      }),
    )
  })

  it("comes at most once and in order, whatever is missed, and what is missed is counted", () => {
    const slides = fc.array(fc.nat(50), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), slides, (count, steps) => {
        let at = 0
        const playlists = [window(at, count)]
        for (const step of steps) {
          at += step
          playlists.push(window(at, count))
        }
        const { sequences, skipped, broken } = played(playlists)
        expect(sequences).toEqual([...new Set(sequences)].toSorted((one, other) => one - other))
        const first = sequences[0] ?? 0
        expect(sequences.length + skipped).toBe(at + count - first)
        // Each hole is told of.
        const holes = sequences.filter((sequence, n) => n > 0 && sequence !== (sequences[n - 1] ?? 0) + 1)
        expect(broken).toEqual(holes)
      }),
    )
  })

  it("comes once from servers of which some are behind", () => {
    const lag = fc.array(fc.nat(3), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(lag, (lags) => {
        const playlists = lags.map((behind, n) => window(100 + n - behind, 6))
        const { sequences, broken } = played([window(100, 6), ...playlists])
        expect(sequences).toEqual([...new Set(sequences)].toSorted((one, other) => one - other))
        expect(broken).toEqual([])
      }),
    )
  })

  it("of a list that only grows comes once", () => {
    expect(played([window(0, 5), window(0, 6), window(0, 9)]).sequences).toEqual([2, 3, 4, 5, 6, 7, 8])
  })
})

describe("numbers that go back", () => {
  it("by more than a window begin anew", () => {
    const { sequences, broken, skipped } = played([window(1_000, 6), window(0, 1), window(0, 2)])
    expect([sequences, broken, skipped]).toEqual([[1_003, 1_004, 1_005, 0, 1], [0], 0])
  })

  it("by less begin anew when they stay back", () => {
    const { sequences, broken } = played([window(0, 6), ...Array.from({ length: 5 }, () => window(0, 3))])
    expect([sequences, broken]).toEqual([[3, 4, 5, 0, 1, 2], [0]])
  })
})

describe("what was passed by", () => {
  it("is counted, and the live edge is next", () => {
    const { sequences, broken, skipped } = played([window(0, 10), window(40, 10)])
    expect([sequences, broken, skipped]).toEqual([[7, 8, 9, 47, 48, 49], [47], 37])
  })
})
