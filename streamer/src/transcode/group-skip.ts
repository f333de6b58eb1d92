import { JoinPointFinder } from "../mpegts/join-points.ts"

/** Leaves out all before the second keyframe. */
export class GroupSkip {
  readonly #finder = new JoinPointFinder()
  #chunks: Buffer[] = []
  #keyframes = 0

  /** Takes whole packets; gives the second keyframe, with tables before it, and what came since; null until then. */
  push(packets: Buffer): Buffer | null {
    const before = this.#chunks.reduce((sum, { length }) => sum + length, 0)
    this.#chunks.push(packets)
    for (const { offset, tables } of this.#finder.push(packets))
      if (++this.#keyframes === 2)
        return Buffer.concat([tables, Buffer.concat(this.#chunks).subarray(before + offset)])
    // Where one begins that has not shown itself yet.
    const kept = -(this.#finder.undecidedOffset ?? 0)
    this.#chunks = [Buffer.concat(this.#chunks).subarray(Math.max(0, before + packets.length - kept))]
    return null
  }
}
