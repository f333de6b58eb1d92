import { describe, expect, it } from "vitest"
import { pcr27MHz, hasPcr as theirHasPcr } from "../../../infra/e2e/player/packet.ts"
import { announcement } from "./announcement.ts"
import { readPcr, readPcrBase, ticksBetween, wrapTicks, writePcrBase } from "./clock.ts"

const end = 2 ** 33

describe("a clock reference", () => {
  it.each([
    [0, 0],
    [1, 299],
    [2 ** 32 - 1, 1],
    [2 ** 32, 256],
    [end - 1, 299],
  ])("is written as the checking player reads it (%i, %i)", (base90kHz, extension) => {
    const packet = announcement(0x100, 3, { base90kHz, extension })
    expect(theirHasPcr(packet)).toBe(true)
    expect(pcr27MHz(packet)).toBe(base90kHz * 300 + extension)
    expect(readPcr(packet, 0)).toEqual({ base90kHz, extension })
    writePcrBase(packet, 0, end - 1 - base90kHz)
    expect(readPcrBase(packet, 0)).toBe(end - 1 - base90kHz)
    expect(readPcr(packet, 0).extension).toBe(extension)
  })
})

describe("ticks", () => {
  it("are counted the shorter way round", () => {
    expect(ticksBetween(end - 5, 5)).toBe(10)
    expect(ticksBetween(5, end - 5)).toBe(-10)
    expect(ticksBetween(100, 40)).toBe(-60)
  })

  it("wrap in both directions", () => {
    expect([wrapTicks(-1), wrapTicks(end), wrapTicks(-end - 2), wrapTicks(7)]).toEqual([
      end - 1,
      0,
      end - 2,
      7,
    ])
  })
})
