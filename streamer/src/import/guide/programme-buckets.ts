import { type ProgrammeTimes, recordHeadBytes, type TextPlaces, writeRecordHead } from "./record.ts"
import type { ScratchBytes } from "./scratch-bytes.ts"
import type { Spool } from "./spool.ts"

/** Buckets of the external sort: a 1 GB guide makes buckets of 8 MB, which are sorted in memory. */
export const bucketCount = 128
const bufferBytes = 32 * 1024
/** A bucket that is larger holds one absurd channel; the rest of it is left out. */
export const maxBucketBytes = 32 * 1024 * 1024

// In front of each record: the number of its channel.
const channelBytes = 4

interface Bucket {
  buffer: Buffer
  used: number
  bytes: number
  /** Where in the spool its pieces lie: position and length by turns. */
  pieces: number[]
}

/** Programmes in any order, kept by buckets in a spool file. */
export class ProgrammeBuckets {
  /** Programmes that were left out because their bucket is full. */
  refused = 0
  readonly #spool: Spool
  readonly #maxBytes: number
  readonly #buckets: Bucket[]
  #taken: Buffer = Buffer.alloc(0)

  constructor(spool: Spool, maxBytes = maxBucketBytes) {
    this.#spool = spool
    this.#maxBytes = maxBytes
    this.#buckets = Array.from({ length: bucketCount }, () => ({
      buffer: Buffer.alloc(0),
      used: 0,
      bytes: 0,
      pieces: [],
    }))
  }

  add(bucketNumber: number, channel: number, times: ProgrammeTimes, body: ScratchBytes, places: TextPlaces) {
    const bucket = this.#bucket(bucketNumber)
    const length = channelBytes + recordHeadBytes + body.length
    if (bucket.bytes + length > this.#maxBytes) {
      this.refused++
      return
    }
    if (bucket.used + length > bucket.buffer.length) {
      this.#flush(bucket)
      if (bucket.buffer.length < length) bucket.buffer = Buffer.allocUnsafeSlow(Math.max(bufferBytes, length))
    }
    bucket.buffer.writeUInt32LE(channel, bucket.used)
    writeRecordHead(bucket.buffer, bucket.used + channelBytes, times, body.length, places)
    body.bytes.copy(bucket.buffer, bucket.used + channelBytes + recordHeadBytes, 0, body.length)
    bucket.used += length
    bucket.bytes += length
  }

  /**
   * The bucket's records, in the order they came, by the numbers of their channels: places in `records`, whose
   * bytes are valid until the next bucket is taken.
   */
  take(bucketNumber: number): { records: Buffer; byChannel: Map<number, number[]> } {
    const bucket = this.#bucket(bucketNumber)
    if (this.#taken.length < bucket.bytes) this.#taken = Buffer.allocUnsafeSlow(bucket.bytes)
    const records = this.#taken.subarray(0, bucket.bytes)
    let filled = 0
    for (let index = 0; index < bucket.pieces.length; index += 2) {
      const length = bucket.pieces[index + 1] as number
      this.#spool.read(records, filled, length, bucket.pieces[index] as number)
      filled += length
    }
    bucket.buffer.copy(records, filled, 0, bucket.used)
    bucket.buffer = Buffer.alloc(0)

    const byChannel = new Map<number, number[]>()
    for (let at = 0; at < records.length; ) {
      const channel = records.readUInt32LE(at)
      const places = byChannel.get(channel)
      if (places === undefined) byChannel.set(channel, [at + channelBytes])
      else places.push(at + channelBytes)
      at += channelBytes + recordHeadBytes + records.readUInt32LE(at + channelBytes + 8)
    }
    return { records, byChannel }
  }

  #bucket(number: number): Bucket {
    const bucket = this.#buckets[number]
    if (bucket === undefined) throw new RangeError(`no bucket ${number}`)
    return bucket
  }

  #flush(bucket: Bucket): void {
    if (bucket.used === 0) return
    bucket.pieces.push(this.#spool.append(bucket.buffer.subarray(0, bucket.used)), bucket.used)
    bucket.used = 0
  }
}
