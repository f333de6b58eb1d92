import { hasPcr, payloadStart, startsUnit } from "../packet.ts"
import { edit, type Packets } from "./break-packets.ts"

const MODULUS = 2n ** 33n

/** 27 MHz ticks are left alone: only the 33-bit base moves. */
function shiftPcr(packet: Buffer, ticks90kHz: bigint): void {
  const field = BigInt(packet.readUIntBE(6, 6))
  const base = ((field >> 15n) + ticks90kHz + MODULUS) % MODULUS
  packet.writeUIntBE(Number((base << 15n) | (field & 0x7fffn)), 6, 6)
}

function shiftTimestamp(packet: Buffer, at: number, ticks90kHz: bigint): void {
  const field = BigInt(packet.readUIntBE(at, 5))
  const value =
    (((field >> 33n) & 7n) << 30n) | (((field >> 17n) & 0x7fffn) << 15n) | ((field >> 1n) & 0x7fffn)
  const moved = (value + ticks90kHz + MODULUS) % MODULUS
  const prefix = (field >> 36n) << 36n
  const markers = (1n << 32n) | (1n << 16n) | 1n
  const spread = ((moved >> 30n) << 33n) | (((moved >> 15n) & 0x7fffn) << 17n) | ((moved & 0x7fffn) << 1n)
  packet.writeUIntBE(Number(prefix | markers | spread), at, 5)
}

function shiftPes(packet: Buffer, ticks90kHz: bigint): void {
  const at = payloadStart(packet)
  if (at + 19 > packet.length || packet.readUIntBE(at, 3) !== 1) return
  const flags = packet.readUInt8(at + 7)
  if ((flags & 0x80) !== 0) shiftTimestamp(packet, at + 9, ticks90kHz)
  if ((flags & 0x40) !== 0) shiftTimestamp(packet, at + 14, ticks90kHz)
}

export interface Shift {
  /** The first packet that is changed. */
  readonly from: number
  /** Added to each time; may be negative, and wraps at 2^33. */
  readonly ticks90kHz: number
  readonly what: "pcr" | "timestamps" | "both"
  /** Set discontinuity_indicator in the first packet that is changed; it must have an adaptation field. */
  readonly announced?: boolean
}

/** Moves the clock of everything from one packet on, as a source that restarts does. */
export function shiftTimes(packets: Packets, shift: Shift): Packets {
  const ticks = BigInt(shift.ticks90kHz)
  const moved = packets.map((packet, index) => {
    if (index < shift.from) return packet
    const copy = Buffer.from(packet)
    if (shift.what !== "timestamps" && hasPcr(copy)) shiftPcr(copy, ticks)
    if (shift.what !== "pcr" && startsUnit(copy)) shiftPes(copy, ticks)
    return copy
  })
  if (shift.announced !== true) return moved
  return edit(moved, shift.from, (packet) => void packet.writeUInt8(packet.readUInt8(5) | 0x80, 5))
}
