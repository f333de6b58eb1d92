import { createDecipheriv } from "node:crypto"

const blockBytes = 16

/** The initialisation vector of a segment whose key has none: its number (RFC 8216 5.2). */
export function ivOf(sequence: number): Buffer {
  const iv = Buffer.alloc(blockBytes)
  iv.writeBigUInt64BE(BigInt(sequence), blockBytes - 8)
  return iv
}

/** Decrypts a segment of AES-128 in CBC as it comes. */
export class SegmentDecipher {
  readonly #decipher: ReturnType<typeof createDecipheriv>
  #last: Buffer = Buffer.alloc(0)

  constructor(key: Buffer, iv: Buffer) {
    // Padding is taken off below: some providers add none, and that is no reason to lose a block.
    this.#decipher = createDecipheriv("aes-128-cbc", key, iv).setAutoPadding(false)
  }

  /** All that is not perhaps the padding. */
  push(chunk: Buffer): Buffer {
    const plain = Buffer.concat([this.#last, this.#decipher.update(chunk)])
    const kept = Math.max(0, plain.length - blockBytes)
    this.#last = plain.subarray(kept)
    return plain.subarray(0, kept)
  }

  /** The last block without its padding (PKCS #7). */
  end(): Buffer {
    const padding = this.#last.at(-1) ?? 0
    const isPadded =
      padding > 0 &&
      padding <= this.#last.length &&
      this.#last.subarray(-padding).every((each) => each === padding)
    return isPadded ? this.#last.subarray(0, -padding) : this.#last
  }
}
