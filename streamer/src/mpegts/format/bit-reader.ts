import { byte } from "../packet.ts"

// An Exp-Golomb code of a longer prefix is no number of any picture's size.
const maxPrefix = 31

/** Reads bits from the highest on; past the end they are 0, so that damaged headers end somewhere. */
export class BitReader {
  readonly #bytes: Buffer
  #at: number

  constructor(bytes: Buffer, fromByte = 0) {
    this.#bytes = bytes
    this.#at = fromByte * 8
  }

  /** At most 32. */
  bits(count: number): number {
    let value = 0
    for (let index = 0; index < count; index++, this.#at++)
      value = value * 2 + ((byte(this.#bytes, this.#at >> 3) >> (7 - (this.#at & 7))) & 1)
    return value
  }

  flag(): boolean {
    return this.bits(1) === 1
  }

  skip(count: number): void {
    this.#at += count
  }

  /** ue(v) of ISO 14496-10 9.1. */
  unsigned(): number {
    let prefix = 0
    while (prefix < maxPrefix && !this.flag()) prefix++
    return 2 ** prefix - 1 + this.bits(prefix)
  }

  /** se(v). */
  signed(): number {
    const code = this.unsigned()
    return code % 2 === 1 ? (code + 1) / 2 : -code / 2
  }
}
