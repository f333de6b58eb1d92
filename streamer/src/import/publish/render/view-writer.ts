import { promisify } from "node:util"
import { constants, crc32, deflateRaw, deflateRawSync } from "node:zlib"
import type { Range, View } from "@tributary/shared/snapshot/manifest"
import { ByteWriter } from "../columns/byte-writer.ts"
import { gzipLevel, type PackWriter, smallChunkBytes, threadBytes, threadChunkBytes } from "./pack-writer.ts"

const inThread = promisify(deflateRaw)
const segmentOptions = { level: gzipLevel, finishFlush: constants.Z_SYNC_FLUSH }
// A gigabyte goes through them: new ones each time would all be garbage before any is collected. Those of the
// large segments are kept apart, so that no small view holds one.
const largeBytes = 256 * 1024
const spareBuffers = { small: [] as Buffer[], large: [] as Buffer[] }
const mostSpare = 8

// RFC 1952 2.3: magic, deflate, no flags, no time, no hint, unknown system.
const gzipHeader = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff])
// RFC 1951 3.2.6: a final block of fixed codes that holds nothing.
const emptyFinalBlock = Buffer.from([0x03, 0x00])

/**
 * A view on its way into packs: one gzip stream, made of segments that are compressed each on its own. A
 * segment ends on a byte's border (Z_SYNC_FLUSH), so that segments joined are one stream of deflate; so many
 * views can be written in turn, without the state of a compressor for each.
 */
export class ViewWriter {
  /** Where rows are written; `flush` empties it. */
  readonly out = new ByteWriter(1024)
  readonly #packs: PackWriter
  readonly #ranges: Range[] = []
  #isBegun = false
  #crc = 0
  #length = 0

  constructor(packs: PackWriter) {
    this.#packs = packs
  }

  get isEmpty(): boolean {
    return !this.#isBegun && this.out.length === 0
  }

  /** Has what was written so far compressed, as a segment of its own. */
  flush(): void {
    if (this.out.length === 0) return
    const { bytes } = this.out
    this.#crc = crc32(bytes, this.#crc)
    this.#length += bytes.length
    if (!this.#isBegun) void this.#place(gzipHeader)
    this.#isBegun = true
    if (bytes.length < threadBytes) {
      void this.#place(deflateRawSync(bytes, { ...segmentOptions, chunkSize: smallChunkBytes }))
      this.out.clear()
    } else void this.#place(this.#compressElsewhere())
  }

  /** Ends the stream; an empty view when nothing was written. */
  async end(): Promise<View> {
    if (!this.#isBegun) return this.out.length === 0 ? [] : [await this.#packs.addText(this.out.take())]
    this.flush()
    const trailer = Buffer.alloc(8)
    trailer.writeUInt32LE(this.#crc, 0)
    trailer.writeUInt32LE(this.#length % 2 ** 32, 4)
    await this.#place(Buffer.concat([emptyFinalBlock, trailer]))
    return this.#ranges
  }

  /** The buffer is lent to another thread meanwhile, and is one of the spare ones after that. */
  async #compressElsewhere(): Promise<Buffer> {
    const spare = this.out.length > largeBytes ? spareBuffers.large : spareBuffers.small
    const { buffer, length } = this.out.handOver(spare.pop() ?? Buffer.allocUnsafeSlow(threadBytes))
    const options = { ...segmentOptions, chunkSize: threadChunkBytes }
    const segment = await inThread(buffer.subarray(0, length), options)
    if (spare.length < mostSpare) spare.push(buffer)
    return segment
  }

  /** A failure is told to whoever ends the view or waits for the packs, as nothing is placed after it. */
  #place(piece: Buffer | Promise<Buffer>): Promise<void> {
    const placed = this.#packs.addPiece(piece).then((range) => this.#join(range))
    placed.catch(() => undefined)
    return placed
  }

  #join(range: Range): void {
    const [pack, offset, length] = range
    const last = this.#ranges.at(-1)
    // Pieces that lie side by side are read at once.
    if (last?.[0] === pack && last[1] + last[2] === offset) last[2] += length
    else this.#ranges.push(range)
  }
}
