import { describe, expect, it } from "vitest"
import { garbage, join, nullPacket } from "../../../infra/e2e/player/test-support/break-packets.ts"
import { seededRandom } from "../../../infra/e2e/player/test-support/seeded-random.ts"
import { packetBytes } from "./packet.ts"
import { PacketAligner } from "./packet-aligner.ts"

/** Packets that differ; `fill` is what their payload repeats, 0x47 at its nastiest. */
function packets(count: number, fill = 0xa5): Buffer[] {
  return Array.from({ length: count }, (_, index) => {
    const packet = Buffer.alloc(packetBytes, fill)
    packet.set([0x47, 0x01, index & 0xff, 0x10 | (index & 0x0f)])
    return packet
  })
}

/** What comes out, push by push, and the aligner. */
function align(stream: Buffer, sizes: readonly number[]) {
  const aligner = new PacketAligner()
  const out: Buffer[] = []
  let at = 0
  for (let turn = 0; at < stream.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    out.push(Buffer.from(aligner.push(stream.subarray(at, at + size))))
    at += size
  }
  return { out: Buffer.concat(out), pushes: out, aligner }
}

const clean = join(packets(12))

describe("a whole stream", () => {
  it("comes out as it went in, whatever the size of the chunks", () => {
    for (let size = 1; size <= 3 * packetBytes + 1; size++) {
      const { out, pushes, aligner } = align(clean, [size])
      expect(out.equals(clean), `chunks of ${size}`).toBe(true)
      expect(pushes.every((piece) => piece.length % packetBytes === 0)).toBe(true)
      expect([aligner.syncLosses, aligner.discardedBytes]).toEqual([0, 0])
    }
  })

  it("comes out as it went in, wherever it is cut in two", () => {
    for (let cut = 1; cut < clean.length; cut++)
      expect(align(clean, [cut, clean.length]).out.equals(clean), `cut at ${cut}`).toBe(true)
  })

  it("gives each packet as soon as it is complete", () => {
    const aligner = new PacketAligner()
    aligner.push(clean.subarray(0, 4 * packetBytes))
    for (let at = 4 * packetBytes; at < clean.length; at += packetBytes) {
      expect(aligner.push(clean.subarray(at, at + packetBytes - 1))).toHaveLength(0)
      const last = aligner.push(clean.subarray(at + packetBytes - 1, at + packetBytes))
      expect(last.equals(clean.subarray(at, at + packetBytes))).toBe(true)
    }
  })

  it("does not copy a chunk of whole packets", () => {
    const aligner = new PacketAligner()
    expect(aligner.push(clean).buffer).toBe(clean.buffer)
  })

  it("keeps null packets", () => {
    const padded = Buffer.concat([clean, nullPacket(), nullPacket(), clean])
    expect(align(padded, [1000]).out.equals(padded)).toBe(true)
  })
})

describe("a stream that starts within a packet", () => {
  it("begins at the first whole packet, from every offset", () => {
    for (let offset = 1; offset < packetBytes; offset++) {
      const { out, aligner } = align(clean.subarray(offset), [97])
      expect(out.equals(clean.subarray(packetBytes)), `offset ${offset}`).toBe(true)
      expect(aligner.discardedBytes).toBe(packetBytes - offset)
    }
  })

  it("is not led astray by sync bytes in the rest of the packet", () => {
    const decoy = Buffer.from(clean.subarray(50))
    decoy[3] = 0x47
    decoy[3 + packetBytes] = 0x47
    expect(align(decoy, [61]).out.equals(decoy.subarray(packetBytes - 50))).toBe(true)
  })
})

describe("a damaged stream", () => {
  it("takes sync bytes within packets for what they are", () => {
    const stream = join(packets(12, 0x47))
    for (const size of [1, 7, 188, 189, 1316, 5000])
      expect(align(stream, [size]).out.equals(stream), `chunks of ${size}`).toBe(true)
  })

  it("skips garbage between packets, and loses none of them", () => {
    for (const length of [1, 100, 187, 188, 189, 1000]) {
      const stream = Buffer.concat([clean, garbage(length), clean])
      const { out, aligner } = align(stream, [313])
      expect(out.equals(Buffer.concat([clean, clean])), `${length} bytes of garbage`).toBe(true)
      expect([aligner.syncLosses, aligner.discardedBytes]).toEqual([1, length])
    }
  })

  it("finds back after lost bytes, at the price of the packet they were lost from and the next one", () => {
    const all = packets(12)
    for (const lost of [1, 50, 187]) {
      const stream = Buffer.concat([
        ...all.slice(0, 4),
        join(all.slice(4, 5)).subarray(0, packetBytes - lost),
        ...all.slice(5),
      ])
      const { out, aligner } = align(stream, [271])
      expect(out.subarray(0, 4 * packetBytes).equals(join(all.slice(0, 4)))).toBe(true)
      expect(out.subarray(-6 * packetBytes).equals(join(all.slice(6))), `${lost} lost`).toBe(true)
      expect(aligner.syncLosses).toBe(1)
    }
  })

  it("gives the same packets for every chunking, with any damage", () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = seededRandom(seed)
      const pieces = packets(20, random.pick([0xa5, 0x47])).flatMap((packet) => {
        switch (random.between(0, 9)) {
          case 0:
            return [packet.subarray(random.between(1, 187))]
          case 1:
            return [packet, Buffer.alloc(random.between(1, 400), random.pick([0x47, 0x00]))]
          case 2:
            return []
          default:
            return [packet]
        }
      })
      const stream = Buffer.concat(pieces)
      const whole = align(stream, [stream.length])
      const sizes = Array.from({ length: 9 }, () => random.between(1, 600))
      const cut = align(stream, sizes)
      expect(cut.out.equals(whole.out), `seed ${seed}`).toBe(true)
      expect(cut.aligner.discardedBytes).toBe(whole.aligner.discardedBytes)
      expect(cut.aligner.syncLosses).toBe(whole.aligner.syncLosses)
      for (let at = 0; at < whole.out.length; at += packetBytes) expect(whole.out[at]).toBe(0x47)
    }
  })

  it("says how much of endless garbage it threw away, and keeps next to nothing of it", () => {
    const aligner = new PacketAligner()
    const random = seededRandom(7)
    let pushed = 0
    for (let turn = 0; turn < 500; turn++) {
      // A sync byte now and then, so that there are always candidates.
      const chunk = garbage(random.between(1, 4096))
      chunk[random.between(0, chunk.length - 1)] = 0x47
      pushed += chunk.length
      expect(aligner.push(chunk).length).toBe(0)
      expect(pushed - aligner.discardedBytes).toBeLessThanOrEqual(3 * packetBytes)
    }
  })

  it("never throws for random bytes", () => {
    const random = seededRandom(99)
    const aligner = new PacketAligner()
    for (let turn = 0; turn < 2000; turn++) {
      const chunk = Buffer.from(
        Array.from({ length: random.between(0, 300) }, () => random.between(0x40, 0x4a)),
      )
      expect(aligner.push(chunk).length % packetBytes).toBe(0)
    }
  })
})

describe("packets with bytes between them", () => {
  const all = packets(12)
  /** As M2TS has it: a time of arrival before each packet, here and there with `fill` in it. */
  const timed = (of: readonly Buffer[], fill: number) =>
    Buffer.concat(
      of.flatMap((packet, index) => [
        Buffer.from([5, index % 3 === 0 ? 0 : fill, index, fill - index]),
        packet,
      ]),
    )
  /** As DVB has it: parity behind each packet. */
  const guarded = (of: readonly Buffer[], fill: number) =>
    Buffer.concat(of.flatMap((packet, index) => [packet, Buffer.alloc(16, fill + index)]))
  const forms: [string, number, (of: readonly Buffer[]) => Buffer][] = [
    ["192", 4, (of) => timed(of, 0x95)],
    ["192, times of 0x47", 4, (of) => timed(of, 0x47)],
    ["204", 0, (of) => guarded(of, 0x80)],
    ["204, parity of 0x47", 0, (of) => guarded(of, 0x46)],
  ]

  it.each(forms)("come out plain, whatever the size of the chunks (%s)", (_, lead, form) => {
    const stream = form(all)
    for (const size of [...Array.from({ length: 410 }, (__, index) => index + 1), 5000]) {
      const { out, aligner } = align(stream, [size])
      expect(out.equals(clean), `chunks of ${size}`).toBe(true)
      expect([aligner.syncLosses, aligner.discardedBytes]).toEqual([0, lead])
    }
  })

  it.each(forms)(
    "come out plain from the first whole one on, wherever the stream starts (%s)",
    (_, lead, form) => {
      const stream = form(all)
      const length = stream.length / all.length
      for (let offset = lead + 1; offset <= length; offset++)
        expect(
          align(stream.subarray(offset), [97]).out.equals(clean.subarray(packetBytes)),
          `offset ${offset}`,
        ).toBe(true)
    },
  )

  it.each(forms)("are each there as soon as they are complete (%s)", (_, lead, form) => {
    const stream = form(all)
    const length = stream.length / all.length
    const aligner = new PacketAligner()
    aligner.push(stream.subarray(0, 5 * length))
    for (let at = 5 * length; at < stream.length; at += length) {
      aligner.push(stream.subarray(at, at + lead))
      const packet = stream.subarray(at + lead, at + lead + packetBytes)
      expect(aligner.push(packet).equals(packet)).toBe(true)
      expect(aligner.push(stream.subarray(at + lead + packetBytes, at + length))).toHaveLength(0)
    }
  })

  it("are found again after lost bytes, in another form too", () => {
    for (const [name, , form] of forms)
      for (const [next, , other] of [...forms, ["188", 0, join] as const]) {
        const stream = Buffer.concat([form(all).subarray(0, -50), other(all)])
        const { out, aligner } = align(stream, [211])
        expect(out.subarray(0, 11 * packetBytes).equals(clean.subarray(0, 11 * packetBytes)), name).toBe(true)
        expect(
          out.subarray(-10 * packetBytes).equals(clean.subarray(2 * packetBytes)),
          `${name}, ${next}`,
        ).toBe(true)
        expect(aligner.syncLosses, `${name}, ${next}`).toBe(1)
      }
  })

  it("give the same for every chunking, with any damage", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seededRandom(seed)
      const form = random.pick(forms)[2]
      const whole = Buffer.concat(
        packets(20, random.pick([0xa5, 0x47])).flatMap((packet) => {
          const piece = form([packet])
          return random.between(0, 6) === 0
            ? [piece.subarray(random.between(0, 180)), garbage(random.between(0, 9))]
            : [piece]
        }),
      )
      const once = align(whole, [whole.length])
      const cut = align(
        whole,
        Array.from({ length: 7 }, () => random.between(1, 500)),
      )
      expect(cut.out.equals(once.out), `seed ${seed}`).toBe(true)
      expect(cut.aligner.discardedBytes).toBe(once.aligner.discardedBytes)
    }
  })
})
