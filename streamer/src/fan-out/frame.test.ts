import { describe, expect, it } from "vitest"
import { packetBytes } from "../mpegts/packet.ts"
import { PacketAligner } from "../mpegts/packet-aligner.ts"
import { ReadMemory } from "../upstream/http/read-memory.ts"
import { FanOut } from "./fan-out.ts"
import { Frame } from "./frame.ts"
import { NumberedStream, readRuns, unchunk } from "./test-stream.ts"
import { TestSubscriber } from "./test-subscriber.ts"
import { WritePace } from "./write-pace.ts"

/** Reads as a socket does, into memory that is used again. */
function reader() {
  const memory = new ReadMemory()
  const places = new Set<ArrayBufferLike>()
  const read = (bytes: Buffer): Buffer[] => {
    const chunks: Buffer[] = []
    for (let at = 0; at < bytes.length; ) {
      const place = memory.next()
      places.add(place.buffer)
      const count = bytes.copy(place, 0, at)
      chunks.push(memory.take(count))
      at += count
    }
    return chunks
  }
  return { read, places }
}

describe("a frame", () => {
  it("is made where its packets were read, whatever the border of the reads", () => {
    const { read } = reader()
    const stream = new NumberedStream(1_000)
    const all = stream.take(2_000)
    const aligner = new PacketAligner()
    const frames: Frame[] = []
    for (let at = 0; at < all.length; at += 15_001)
      for (const chunk of read(all.subarray(at, at + 15_001))) {
        const frame = new Frame([aligner.push(chunk)])
        expect(frame.plain.buffer === chunk.buffer || chunk.length < 4096).toBe(true)
        frames.push(frame)
      }
    expect(Buffer.concat(frames.map(({ plain }) => plain)).equals(all)).toBe(true)
    const { bytes } = unchunk(Buffer.concat(frames.map(({ chunked }) => chunked)))
    expect(bytes.equals(all)).toBe(true)
  })

  it("copies what has no room, and several parts", () => {
    const [one, other] = [Buffer.from("abc"), Buffer.from("defgh")]
    const frame = new Frame([one, other])
    expect([frame.plain.toString(), frame.chunked.toString()]).toEqual(["abcdefgh", "8\r\nabcdefgh\r\n"])
  })
})

/** Keeps what it was given without a copy, and takes it when it is told to: memory that is written over shows. */
class LateSubscriber extends TestSubscriber {
  #waiting: Frame[] = []
  readonly taken: Buffer[] = []

  override write(frame: Frame): void {
    this.#waiting.push(frame)
    this.backlogBytes += frame.bytes
  }

  take(share: number): void {
    const count = Math.ceil(this.#waiting.length * share)
    for (const frame of this.#waiting.splice(0, count)) {
      this.taken.push(Buffer.from(frame.plain))
      this.backlogBytes -= frame.bytes
    }
  }

  override get bytes(): Buffer {
    return Buffer.concat(this.taken)
  }
}

describe("memory of a stream", () => {
  const play = (takes: (round: number) => number, rounds = 600) => {
    const { read, places } = reader()
    const aligner = new PacketAligner()
    const stream = new NumberedStream(2_000)
    const fanOut = new FanOut(16 * 1024 * 1024, { pace: new WritePace(() => 0) })
    const subscribers = [new LateSubscriber(), new LateSubscriber()]
    for (const subscriber of subscribers) fanOut.add(subscriber)
    const joiners: LateSubscriber[] = []
    for (let round = 0; round < rounds; round++) {
      for (const chunk of read(stream.take(200 + (round % 7)))) fanOut.push(aligner.push(chunk))
      if (round % 40 === 5) {
        const joiner = new LateSubscriber()
        fanOut.add(joiner)
        joiners.push(joiner)
      }
      for (const each of [...subscribers, ...joiners]) each.take(takes(round))
    }
    for (const each of [...subscribers, ...joiners]) {
      each.take(1)
      expect(readRuns(each.bytes)).toHaveLength(1)
    }
    expect(readRuns(subscribers[0]?.bytes ?? Buffer.alloc(0))[0]?.last).toBe(stream.next - 1)
    return places.size
  }

  it("is used again once nobody has it any more", () => {
    // Of 600 reads of 38 KB there are seven in a piece, and a group of pictures is ten.
    expect(play(() => 1)).toBeLessThan(12)
  })

  it("is not while a subscriber is behind, however far", () => {
    play((round) => (round % 100 === 99 ? 1 : 0.02))
    play((round) => (round % 3 === 2 ? 1 : 0))
    play(() => 0.5)
  })

  it("is not when somebody left with some of it", () => {
    const { read } = reader()
    const stream = new NumberedStream(500)
    const fanOut = new FanOut(16 * 1024 * 1024, { pace: new WritePace(() => 0) })
    const late = new LateSubscriber()
    const aligner = new PacketAligner()
    const push = (packets: Buffer) => {
      for (const chunk of read(packets)) fanOut.push(aligner.push(chunk))
    }
    fanOut.add(late)
    for (let count = 0; count < 9; count++) push(stream.take(200))
    fanOut.remove(late)
    for (let count = 0; count < 100; count++) push(stream.take(200))
    late.take(1)
    expect(readRuns(late.bytes)).toMatchObject([{ first: 0, last: 1_799 }])
    expect(late.bytes.length % packetBytes).toBe(0)
  })
})
