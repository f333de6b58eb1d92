import { beforeAll, describe, expect, it, vi } from "vitest"
import { recipeAtRate } from "./channels.ts"
import type { IndexedLoop } from "./index-loop.ts"
import { indexed, radioRecipe, renderLoop, smallRecipe } from "./loop-for-tests.ts"
import { entry, lastEntry, packetsBetween, positionAt } from "./replay.ts"
import {
  counterAt,
  hasPayload,
  isRandomAccess,
  packetBytes,
  pcrOffset,
  pesTimestampOffsets,
  pidAt,
  readPcr27MHz,
  readTimestamp,
  timestampModulus,
} from "./ts-packet.ts"

// Rendering may have to wait for a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })

const videoPid = 256
const pmtPid = 0x1000

/** Reads packets as a strict player would; independent of the index. */
function check(bytes: Buffer) {
  const counters = new Map<number, number>()
  const pcrSteps: number[] = []
  const steps = new Map<number, number[]>()
  const lastTime = new Map<number, number>()
  let counterErrors = 0
  let pcr: number | null = null
  for (let at = 0; at < bytes.length; at += packetBytes) {
    expect(bytes[at]).toBe(0x47)
    const pid = pidAt(bytes, at)
    const before = counters.get(pid)
    if (before !== undefined && counterAt(bytes, at) !== ((before + (hasPayload(bytes, at) ? 1 : 0)) & 15))
      counterErrors++
    counters.set(pid, counterAt(bytes, at))
    const within = pcrOffset(bytes, at)
    if (within) {
      const now = readPcr27MHz(bytes, at + within)
      if (pcr !== null) pcrSteps.push((now - pcr + timestampModulus * 300) % (timestampModulus * 300))
      pcr = now
    }
    const { pts } = pid >= videoPid && pid < pmtPid ? pesTimestampOffsets(bytes, at) : { pts: 0 }
    if (!pts) continue
    const time = readTimestamp(bytes, at + pts)
    const last = lastTime.get(pid)
    if (last !== undefined)
      steps.set(pid, [...(steps.get(pid) ?? []), (time - last + timestampModulus) % timestampModulus])
    lastTime.set(pid, time)
  }
  return { counterErrors, pcrSteps, steps, pcr }
}

function expectContinuous(loop: IndexedLoop, firstIteration: number, iterations: number) {
  const from = firstIteration * loop.packets
  const seen = check(packetsBetween(loop, from, from + iterations * loop.packets))
  expect(seen.counterErrors).toBe(0)
  // Each 40 ms at least (audio: each AAC frame), never backwards.
  expect(Math.min(...seen.pcrSteps)).toBeGreaterThan(0)
  expect(Math.max(...seen.pcrSteps)).toBeLessThanOrEqual(27_000_000 * 0.1)
  return seen
}

describe("the endless channel", () => {
  let loop: IndexedLoop
  beforeAll(async () => {
    loop = await renderLoop(smallRecipe)
  })

  it("holds 240 pictures and 450 AAC frames", () => {
    const { steps } = check(loop.bytes)
    expect(steps.get(videoPid)?.length).toBe(239)
    expect(steps.get(videoPid + 1)?.length).toBe(449)
  })

  it("goes on without a break over several seams", () => {
    const { steps } = expectContinuous(loop, 5, 5)
    expect(new Set(steps.get(videoPid))).toEqual(new Set([3600]))
    expect(new Set(steps.get(videoPid + 1))).toEqual(new Set([1920]))
  })

  it("goes on through the wrap of 33-bit timestamps", () => {
    const wrap = Math.floor(timestampModulus / loop.ticks90kHz)
    const { steps, pcr } = expectContinuous(loop, wrap - 2, 5)
    expect(pcr).toBeLessThan(300 * loop.ticks90kHz * 4)
    expect(new Set(steps.get(videoPid))).toEqual(new Set([3600]))
    expect(new Set(steps.get(videoPid + 1))).toEqual(new Set([1920]))
  })

  it("is the same stream however it is cut", () => {
    const from = loop.packets * 1_000_003 - 700
    const whole = packetsBetween(loop, from, from + 2 * loop.packets)
    const parts: Buffer[] = []
    for (let at = 0; at < 2 * loop.packets; at += 37)
      parts.push(packetsBetween(loop, from + at, from + Math.min(at + 37, 2 * loop.packets)))
    expect(Buffer.concat(parts).equals(whole)).toBe(true)
  })

  it("leaves the loop itself as it was", () => {
    const before = Buffer.from(loop.bytes)
    packetsBetween(loop, 7 * loop.packets, 9 * loop.packets)
    expect(loop.bytes.equals(before)).toBe(true)
  })

  it("has tables and then a key frame at each entry, 1.92 s apart", () => {
    expect(loop.entries.map(({ seconds }) => seconds.toFixed(3))).toEqual(Array(5).fill("1.920"))
    for (const { packet } of loop.entries) {
      const pids: number[] = []
      let at = packet * packetBytes
      for (; pidAt(loop.bytes, at) !== videoPid; at += packetBytes) pids.push(pidAt(loop.bytes, at))
      expect(pids.filter((pid) => pid !== 0x11)).toEqual([0, pmtPid])
      expect(isRandomAccess(loop.bytes, at)).toBe(true)
    }
  })

  it("sends packets at the pace of their clock", () => {
    const start = 1_800_000_000
    for (const seconds of [0, 0.04, 1.2345, 9.59]) {
      const position = positionAt(loop, start + seconds)
      expect(positionAt(loop, start + seconds + loop.seconds)).toBe(position + loop.packets)
    }
    for (let ms = 0, last = 0; ms < 20_000; ms += 40) {
      const position = positionAt(loop, start + ms / 1000)
      expect(position).toBeGreaterThanOrEqual(last)
      if (last) expect(position - last).toBeLessThan((loop.packets / loop.seconds) * 0.4)
      last = position
    }
  })

  it("finds the entry a position belongs to", () => {
    for (const n of [0, 4, 5, 12, 935_025_315]) {
      const { position } = entry(loop, n)
      expect(lastEntry(loop, position)).toBe(n)
      expect(lastEntry(loop, entry(loop, n + 1).position - 1)).toBe(n)
    }
  })

  it("refuses a loop that has lost a packet, or is cut within one", () => {
    const lost = Buffer.concat([loop.bytes.subarray(0, 188 * 500), loop.bytes.subarray(188 * 501)])
    expect(() => indexed(lost)).toThrow(/continuity/)
    expect(() => indexed(loop.bytes.subarray(0, 188 * 500 + 1))).toThrow(/whole TS packets/)
    expect(() => indexed(loop.bytes.subarray(188 * 200))).toThrow()
  })
})

describe("other recipes", () => {
  it("loops a radio channel, with tables at each entry", async () => {
    const radio = await renderLoop(radioRecipe)
    const { steps } = expectContinuous(radio, 3, 3)
    expect([...steps.values()].map((each) => new Set(each))).toEqual([new Set([1920])])
    expect(radio.entries.length).toBe(5)
    for (const { packet } of radio.entries)
      expect([0, 0x11]).toContain(pidAt(radio.bytes, packet * packetBytes))
  })

  it("renders the rate that is asked for, without null packets", async () => {
    const fast = await renderLoop(recipeAtRate("Fast", 8_000_000))
    const rate = (fast.bytes.length * 8) / fast.seconds
    expect(rate / 8_000_000).toBeGreaterThan(0.98)
    expect(rate / 8_000_000).toBeLessThan(1.02)
    for (let packet = 0; packet < fast.packets; packet++)
      expect(pidAt(fast.bytes, packet * packetBytes)).not.toBe(0x1fff)
  })
})
