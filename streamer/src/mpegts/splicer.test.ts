import { describe, expect, it } from "vitest"
import { type SeededRandom, seededRandom } from "../../../infra/e2e/player/test-support/seeded-random.ts"
import { packetBytes } from "./packet.ts"
import {
  chunksOf,
  faultless,
  faultsIn,
  judge,
  makeFeeds,
  packetsIn,
  type Recipe,
  recipeNames,
} from "./splice/splice-fixture.ts"
import { goOn, tinyFeed } from "./splice/tiny-feed-fixture.ts"
import { type SeamKind, Splicer } from "./splicer.ts"

const feeds = await makeFeeds(recipeNames)

interface Part {
  stream: Buffer
  /** Before this part. */
  seam?: SeamKind
  /** Of silence before it. */
  pauseMs?: number
}

/** Pushes parts through one splicer, as a connection would. */
function splice(parts: readonly Part[], random: SeededRandom): Buffer {
  const splicer = new Splicer()
  const out: Buffer[] = []
  let nowMs = 0
  for (const { stream, seam, pauseMs = 0 } of parts) {
    nowMs += pauseMs
    if (seam !== undefined) splicer.seam(seam)
    for (const chunk of chunksOf(stream, random)) {
      nowMs += (chunk.length / packetBytes) * 0.1
      out.push(Buffer.from(splicer.push(chunk, nowMs)))
    }
  }
  return Buffer.concat(out)
}

/** Anything but its first and last third. */
function cutOf(name: Recipe, random: SeededRandom): Buffer {
  const packets = feeds[name].length / packetBytes
  return packetsIn(feeds[name], random.between(0, packets / 3), random.between((packets * 2) / 3, packets))
}

/** The same stream as HLS segments, cut anywhere, each with counters of its own. */
function segmentsOf(stream: Buffer, random: SeededRandom): Buffer[] {
  const packets = stream.length / packetBytes
  const cuts = [0, random.between(1, packets - 2), packets].toSorted((one, other) => one - other)
  return cuts.slice(1).map((end, index) => {
    const segment = Buffer.from(packetsIn(stream, cuts[index] ?? 0, end))
    const shift = random.between(0, 15)
    for (let at = 3; at < segment.length; at += packetBytes)
      segment[at] = ((segment[at] ?? 0) & 0xf0) | (((segment[at] ?? 0) + shift) & 0x0f)
    return segment
  })
}

describe("two feeds, one after the other", () => {
  const pairs = recipeNames.flatMap((one) => recipeNames.map((other) => [one, other] as const))
  it.each(pairs)("are one stream without faults, cut anywhere (%s, %s)", (one, other) => {
    const startsOnKeyframe = one === "radio" && other === "radio" ? null : true
    for (let seed = 1; seed <= 8; seed++) {
      const random = seededRandom(seed)
      const seam = random.pick(["feed", "discontinuity"] as const)
      const later = { stream: cutOf(other, random), seam, pauseMs: random.pick([0, 300, 5000]) }
      const out = splice([{ stream: cutOf(one, random) }, later], random)
      expect(faultsIn(out), `seed ${seed}, ${seam}`).toEqual(faultless(startsOnKeyframe))
      expect(judge(out).packets).toBeGreaterThan(100)
    }
  })
})

describe("many feeds and segments, one after the other", () => {
  it("are one stream without faults", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = seededRandom(seed)
      const names: Recipe[] = ["plain", ...Array.from({ length: 5 }, () => random.pick(recipeNames))]
      const parts = names.flatMap((name, part) =>
        segmentsOf(cutOf(name, random), random).map((stream, index): Part => {
          if (index > 0) return { stream, seam: "segment" }
          const seam = random.pick(["feed", "discontinuity"] as const)
          return part === 0 ? { stream } : { stream, seam, pauseMs: random.pick([0, 1000]) }
        }),
      )
      // A PID that a feed or two did not use jumps when it is used again.
      const { ptsJumps, audioPtsJumps, ...faults } = faultsIn(splice(parts, random))
      expect({ ...faultless(), ...faults }, `seed ${seed}: ${names.join(", ")}`).toEqual(faultless())
    }
  })

  it("lose nothing behind their join points but sound that would come twice", () => {
    const random = seededRandom(1)
    const parts = (["plain", "wrapping", "plain"] as const).map((name, index) => ({
      stream: feeds[name],
      ...(index > 0 && { seam: "discontinuity" as const }),
    }))
    const report = judge(splice(parts, random))
    expect(report.keyframes).toBe(9)
    expect(report.packets).toBeGreaterThan((3 * feeds.plain.length) / packetBytes - 10)
  })
})

describe("waiting", () => {
  it("lasts from a seam to the first join point, and puts nothing out", () => {
    const splicer = new Splicer()
    const state = () => [
      splicer.isWaiting,
      splicer.push(Buffer.from(feeds.plain.subarray(0, packetBytes)), 0).length,
    ]
    expect(state()).toEqual([true, 0])
    splicer.push(Buffer.from(feeds.plain), 0)
    expect(splicer.isWaiting).toBe(false)
    splicer.seam("segment")
    expect(splicer.isWaiting).toBe(false)
    for (const kind of ["feed", "discontinuity"] as const) {
      splicer.seam(kind)
      expect(state()).toEqual([true, 0])
      splicer.push(Buffer.from(feeds.silent), 0)
      expect(splicer.isWaiting).toBe(false)
    }
  })

  it("holds no more than it may, whether nothing begins or a keyframe never decides itself", () => {
    const maxBytes = 40 * packetBytes
    const splicer = new Splicer({ maxBytes })
    const unit = tinyFeed({ streams: [{ pid: 0x100, type: 27 }], frames: 1, group: 1 })
    // The key slice becomes a delimiter, after which anything may come.
    const undecided = Buffer.concat(unit)
    undecided.set([0x09], undecided.lastIndexOf(Buffer.from([0, 0, 1, 0x65])) + 3)
    for (const first of [undecided, feeds.plain.subarray(0, 2 * packetBytes)]) {
      splicer.seam("feed")
      splicer.push(Buffer.from(first), 0)
      for (let turn = 0; turn < 300; turn++) {
        expect(splicer.push(goOn(turn % 3 === 0 ? 0x100 : 0x300, turn & 0x0f, 0xff), 0)).toHaveLength(0)
        expect(splicer.bytes).toBeLessThanOrEqual(maxBytes + packetBytes)
      }
    }
  })
})

describe("hostile bytes", () => {
  it("never make it throw, nor hold more, whatever is broken between whatever seams", () => {
    const maxBytes = 200 * packetBytes
    for (let seed = 1; seed <= 120; seed++) {
      const random = seededRandom(seed)
      const splicer = new Splicer({ maxBytes })
      for (let part = 0; part < 5; part++) {
        const broken = Buffer.from(cutOf(random.pick(recipeNames), random).subarray(0, 600 * packetBytes))
        // Mostly in headers, where it hurts.
        for (let hit = random.pick([0, 30, 3000]); hit > 0; hit--) {
          const packet = random.between(0, broken.length / packetBytes - 1) * packetBytes
          broken[packet + random.between(0, random.pick([12, 187]))] = random.between(0, 255)
        }
        for (const chunk of chunksOf(broken, random)) {
          const { length } = chunk
          expect(splicer.push(chunk, random.between(0, 9000)).length % packetBytes).toBe(0)
          expect(splicer.bytes).toBeLessThanOrEqual(maxBytes + length)
        }
        splicer.seam(random.pick(["segment", "discontinuity", "feed"] as const))
      }
    }
  })

  it("leave the next good feed good", () => {
    const splicer = new Splicer()
    const random = seededRandom(3)
    splicer.push(Buffer.from(feeds.plain), 0)
    splicer.seam("feed")
    const broken = Buffer.from(feeds.moved)
    for (let hit = 0; hit < 20_000; hit++)
      broken[random.between(0, broken.length - 1)] = random.between(0, 255)
    splicer.push(broken, 1000)
    splicer.seam("feed")
    const out = Buffer.from(splicer.push(Buffer.from(feeds.plain), 2000))
    expect(faultsIn(out)).toEqual(faultless())
  })

  it("may end in the middle of a packet", () => {
    const splicer = new Splicer()
    expect(splicer.push(Buffer.from(feeds.plain.subarray(0, -1)), 0).length % packetBytes).toBe(0)
    expect(splicer.push(Buffer.alloc(1), 0)).toHaveLength(0)
  })
})
