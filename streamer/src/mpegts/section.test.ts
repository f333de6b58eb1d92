import { describe, expect, it } from "vitest"
import { crc32 } from "../../../infra/e2e/player/sections.ts"
import { edit, garbage, type Packets } from "../../../infra/e2e/player/test-support/break-packets.ts"
import { buildPat, buildPmt, packetise } from "../../../infra/e2e/player/test-support/build-tables.ts"
import { seededRandom } from "../../../infra/e2e/player/test-support/seeded-random.ts"
import { readPat, readPmt } from "./programme.ts"
import { type Table, TableCollector, type TableId } from "./section.ts"

const pid = 0x1000
/** A PMT of `count` streams: 37 fit into a packet, or so. */
const pmt = (count: number, version = 0) =>
  buildPmt({
    programme: 1,
    version,
    pcrPid: 0x100,
    streams: Array.from({ length: count }, (_, index) => ({ pid: 0x100 + index, streamType: 0x0f })),
  })

function collect(packets: Packets, tableId: TableId = 2): Table[] {
  const collector = new TableCollector(tableId)
  return packets.flatMap((packet) => collector.push(packet, 0) ?? [])
}
const sections = (packets: Packets, tableId?: TableId) =>
  collect(packets, tableId).map((table) => table.section.toString("hex"))
const hex = (section: Buffer) => section.toString("hex")

describe("a table in one packet", () => {
  it("is there at once, with the packet that carried it", () => {
    const packets = packetise(pid, 3, pmt(2))
    expect(collect(packets)).toEqual([{ section: pmt(2), packets: packets[0] }])
  })

  it("is found behind a pointer field, and where it stands in a larger buffer", () => {
    const [packet] = packetise(pid, 0, pmt(2))
    if (packet === undefined) throw new Error("no packet")
    const pointed = Buffer.concat([packet.subarray(0, 4), Buffer.from([3, 9, 9, 9]), packet.subarray(5, 185)])
    const around = Buffer.concat([garbage(188), pointed, garbage(188)])
    expect(new TableCollector(2).push(around, 188)?.section).toEqual(pmt(2))
  })

  it("is found behind an adaptation field", () => {
    const [packet] = packetise(pid, 0, pmt(2))
    if (packet === undefined) throw new Error("no packet")
    const stuffed = Buffer.concat([
      packet.subarray(0, 4),
      Buffer.from([7, 0]),
      garbage(6),
      packet.subarray(4, 180),
    ])
    stuffed[3] = 0x30
    expect(sections([stuffed])).toEqual([hex(pmt(2))])
  })

  it("is not kept alive by the chunk that brought it", () => {
    const packet = Buffer.concat(packetise(pid, 0, pmt(2)))
    const table = new TableCollector(2).push(packet, 0)
    packet.fill(0)
    expect(table?.section).toEqual(pmt(2))
    expect(table?.packets[0]).toBe(0x47)
  })
})

describe("a table in several packets", () => {
  const packets = packetise(pid, 14, pmt(100))

  it("is there with its last packet, and has all of them", () => {
    expect(packets.length).toBe(3)
    expect(collect(packets.slice(0, -1))).toEqual([])
    expect(collect(packets)).toEqual([{ section: pmt(100), packets: Buffer.concat(packets) }])
    expect(readPmt(collect(packets)[0]?.section ?? Buffer.alloc(0))).toHaveLength(100)
  })

  it("takes a packet that is sent twice once", () => {
    for (const index of [0, 1, 2]) {
      const twice = packets.toSpliced(index, 0, ...packets.slice(index, index + 1))
      expect(sections(twice), `packet ${index}`).toEqual([hex(pmt(100))])
    }
  })

  it("waits for the next one when a packet was lost", () => {
    for (const index of [0, 1, 2]) {
      const later = packetise(pid, 1, pmt(100, 1))
      expect(sections([...packets.toSpliced(index, 1), ...later]), `packet ${index}`).toEqual([
        hex(pmt(100, 1)),
      ])
    }
  })

  it("drops what was begun when a new one starts", () => {
    expect(sections([...packets.slice(0, 2), ...packetise(pid, 0, pmt(3))])).toEqual([hex(pmt(3))])
  })
})

describe("what does not count", () => {
  it("is a table with a payload of no bytes among its own, which could go on for ever", () => {
    const [first, second, third] = packetise(pid, 3, pmt(100))
    if (first === undefined || second === undefined || third === undefined) throw new Error("no packets")
    const empty = Buffer.alloc(188, 0xff)
    empty.set([0x47, pid >> 8, pid & 0xff, 0x34, 183, 0])
    const later = [second, third].map((packet, index) => {
      const copy = Buffer.from(packet)
      copy[3] = 0x15 + index
      return copy
    })
    expect(collect([first, empty, ...later])).toEqual([])
  })

  it("is a damaged section, wherever the damage is", () => {
    const [packet] = packetise(pid, 0, pmt(4))
    if (packet === undefined) throw new Error("no packet")
    const length = pmt(4).length
    for (let at = 5; at < 5 + length; at++) {
      const broken = edit([packet], 0, (copy) => void copy.writeUInt8(copy.readUInt8(at) ^ 0x10, at))
      expect(collect(broken), `byte ${at}`).toEqual([])
    }
  })

  it("is a section of another table on the same PID", () => {
    expect(collect(packetise(0, 0, buildPat([{ programme: 1, pmtPid: pid }])), 2)).toEqual([])
    expect(collect(packetise(0, 0, buildPat([{ programme: 1, pmtPid: pid }])), 0)).toHaveLength(1)
  })

  it("is a table that is announced, but not yet in force", () => {
    const section = pmt(2)
    section[5] = (section[5] ?? 0) & ~1
    section.writeUInt32BE(crc32(section.subarray(0, -4)), section.length - 4)
    expect(collect(packetise(pid, 0, section))).toEqual([])
  })

  it("is a packet without payload", () => {
    const [packet] = packetise(pid, 0, pmt(2))
    if (packet === undefined) throw new Error("no packet")
    expect(collect(edit([packet], 0, (copy) => void copy.writeUInt8(0x20, 3)))).toEqual([])
  })

  it("is a continuation without a beginning", () => {
    expect(collect(packetise(pid, 0, pmt(100)).slice(1))).toEqual([])
  })
})

describe("versions", () => {
  it("gives each table that comes, repeated or changed", () => {
    const stream = [0, 0, 1].flatMap((version, index) => packetise(pid, index, pmt(2, version)))
    expect(sections(stream)).toEqual([hex(pmt(2, 0)), hex(pmt(2, 0)), hex(pmt(2, 1))])
  })
})

describe("broken sections", () => {
  it("never throw, whatever the bytes", () => {
    const random = seededRandom(5)
    const collector = new TableCollector(2)
    for (let turn = 0; turn < 5000; turn++) {
      const packet = Buffer.from(Array.from({ length: 188 }, () => random.between(0, 255)))
      packet[0] = 0x47
      expect(() => collector.push(packet, 0)).not.toThrow()
    }
  })

  it("give what there is of a programme when they are cut off anywhere", () => {
    const pat = buildPat([
      { programme: 0, pmtPid: 0x10 },
      { programme: 1, pmtPid: 0x100 },
      { programme: 2, pmtPid: 0x200 },
    ])
    expect(readPat(pat)).toEqual([0x100, 0x200])
    for (let length = 0; length <= pat.length; length++)
      expect([0x100, 0x200].slice(0, readPat(pat.subarray(0, length)).length)).toEqual(
        readPat(pat.subarray(0, length)),
      )
    const table = pmt(5)
    for (let length = 0; length <= table.length; length++)
      expect(readPmt(table.subarray(0, length)).length).toBeLessThanOrEqual(5)
  })

  it("do not read past a descriptor length that lies", () => {
    const table = Buffer.from(pmt(3))
    table.writeUInt16BE(0xffff, 10)
    expect(readPmt(table)).toEqual([])
    const second = Buffer.from(pmt(3))
    second.writeUInt16BE(0xffff, 12 + 3)
    expect(readPmt(second)).toHaveLength(1)
  })
})
