import { describe, expect, it } from "vitest"
import { readPesHeader } from "../../../infra/e2e/player/pes-header.ts"
import { pesPacket } from "../../../infra/e2e/player/test-support/build-tables.ts"
import { packetBytes } from "./packet.ts"
import { readDts, shiftTimes } from "./pes-times.ts"

const end = 2 ** 33
const unit = (dts90kHz: number) => pesPacket(0x100, 0, { dts90kHz, data: [1, 2, 3] })
const theirs = (packet: Buffer) => readPesHeader(packet.subarray(4))?.dts90kHz

/** A unit with PTS and DTS whose header begins `room` bytes before the packet's end. */
function squeezed(room: number): Buffer {
  const packet = Buffer.alloc(packetBytes, 0xff)
  packet.set([0x47, 0x41, 0x00, 0x30, packetBytes - 5 - room, 0])
  const header = [0, 0, 1, 0xe0, 0, 0, 0x80, 0xc0, 10, 0x31, 0, 1, 0, 3, 0x11, 0, 1, 0, 1]
  packet.set(header.slice(0, room), packetBytes - room)
  return packet
}

describe("the times of a unit", () => {
  it.each([
    [0, 1],
    [end - 1, 1],
    [5, -6],
    [2 ** 32 - 1, 2 ** 32],
    [123_456_789, 7_654_321],
  ])("are moved as the checking player reads them (%i by %i)", (dts90kHz, ticks) => {
    const packet = unit(dts90kHz)
    const before = Buffer.from(packet)
    expect(readDts(packet, 0)).toBe(dts90kHz)
    shiftTimes(packet, 0, ticks)
    expect(theirs(packet)).toBe((((dts90kHz + ticks) % end) + end) % end)
    shiftTimes(packet, 0, -ticks)
    expect(packet.equals(before)).toBe(true)
  })

  it("are both moved, and the second one is the decoding time", () => {
    const packet = squeezed(40)
    expect(readDts(packet, 0)).toBe(0)
    shiftTimes(packet, 0, 90)
    expect(readDts(packet, 0)).toBe(90)
    expect(packet.subarray(-40 + 9, -40 + 14)).toEqual(Buffer.from([0x31, 0, 1, 0, (91 << 1) | 1]))
  })

  it("are taken away where they go on in the next packet, since they would be wrong", () => {
    for (let room = 8; room < 19; room++) {
      const packet = squeezed(room)
      expect(readDts(packet, 0)).toBeNull()
      shiftTimes(packet, 0, 90)
      expect(packet[packetBytes - room + 7]).toBe(0)
    }
    for (let room = 0; room < 8; room++) {
      const packet = squeezed(room)
      shiftTimes(packet, 0, 90)
      expect(packet.equals(squeezed(room))).toBe(true)
    }
  })

  it("are not looked for in what is no PES packet, or one without them", () => {
    const bare = unit(5)
    bare[7] = 0xbf
    const section = unit(5)
    section[6] = 2
    const untimed = unit(5)
    untimed[11] = 0
    for (const packet of [bare, section, untimed]) {
      const before = Buffer.from(packet)
      shiftTimes(packet, 0, 90)
      expect(packet.equals(before)).toBe(true)
      expect(readDts(packet, 0)).toBeNull()
    }
  })
})
