import type { JoinBuffer } from "../mpegts/join-buffer.ts"
import { Frame } from "./frame.ts"

const none: readonly Frame[] = []

/** How joiners, and those who were moved, start: with the frames that the others have had already. */
export class Openings {
  readonly #buffer: JoinBuffer
  /** The newest frames, as far back as the join buffer reaches. */
  readonly #frames: Frame[] = []
  #bytes = 0
  // Made when somebody needs them, and shared by all who need them before the next frame.
  #opening: readonly Frame[] | null = null
  #openingOfMoved: readonly Frame[] | null = null

  constructor(buffer: JoinBuffer) {
    this.#buffer = buffer
  }

  get bytes(): number {
    return this.#buffer.bytes
  }

  /** Gives the frames that are not kept for joiners any more. */
  push(frame: Frame): readonly Frame[] {
    this.#opening = this.#openingOfMoved = null
    this.#buffer.push(frame.plain)
    this.#frames.push(frame)
    this.#bytes += frame.bytes
    return this.#trim()
  }

  /** Tables and everything from the newest keyframe on; null while no keyframe is known. */
  opening(): readonly Frame[] | null {
    this.#opening ??= this.#build(null)
    return this.#opening
  }

  /** The same behind packets that announce the discontinuity. */
  openingOfMoved(): readonly Frame[] | null {
    this.#openingOfMoved ??= this.#build(this.#buffer.jump())
    return this.#openingOfMoved
  }

  /** Joiners and those who are moved wait for the next keyframe. */
  forget(): readonly Frame[] {
    this.#opening = this.#openingOfMoved = null
    this.#buffer.forget()
    return this.#trim()
  }

  /** Somebody has frames of whom nothing is known any more. */
  keep(): void {
    for (const frame of this.#frames) frame.keep()
  }

  #build(jump: Buffer | null): readonly Frame[] | null {
    const opening = this.#buffer.opening()
    const [first, ...rest] = opening?.chunks ?? []
    if (opening === null || first === undefined) return null
    const head = new Frame(jump === null ? [opening.tables, first] : [jump, opening.tables, first])
    // The first chunk is cut where the keyframe begins; the others are whole frames.
    const skipped = this.#frames.length - rest.length
    return [head, ...rest.map((chunk, index) => this.#frameOf(chunk, skipped + index))]
  }

  #frameOf(chunk: Buffer, index: number): Frame {
    const frame = this.#frames[index]
    return frame?.plain === chunk ? frame : new Frame([chunk])
  }

  /** Lets go of frames that the join buffer has none of any more. */
  #trim(): readonly Frame[] {
    let count = 0
    for (const { bytes } of this.#frames) {
      if (this.#bytes - bytes < this.#buffer.bytes) break
      this.#bytes -= bytes
      count++
    }
    return count === 0 ? none : this.#frames.splice(0, count)
  }
}
