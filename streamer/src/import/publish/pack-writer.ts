import { promisify } from "node:util"
import { createGzip, type Gzip, gzip, gzipSync } from "node:zlib"
import type { Range, View } from "@tributary/shared/snapshot/manifest"

const packBytes = 8 * 1024 * 1024
// A view's compressed bytes are put into a pack in pieces of this size.
const pieceBytes = 1024 * 1024
// Level 1 packs lists of channels nearly as well as level 6, at over twice the speed (measured: 8.2 to 8.8).
const gzipLevel = 1
// Below it, compressing at once is cheaper than handing over to another thread (measured: 60 us against 150 us
// for 24 KB).
const threadBytes = 128 * 1024
// A larger result comes in several rounds between the threads.
const threadChunkBytes = 128 * 1024
const inThread = promisify(gzip)

/** Bytes as one gzip stream. */
function gzipped(bytes: Buffer): Buffer | Promise<Buffer> {
  return bytes.length < threadBytes
    ? gzipSync(bytes, { level: gzipLevel })
    : inThread(bytes, { level: gzipLevel, chunkSize: threadChunkBytes })
}

export interface PackWriterOptions {
  /** Uploads a whole pack; it may resolve before the upload has ended, to let a few run at a time. */
  upload: (number: number, pack: Buffer) => Promise<void>
}

/** Puts gzip streams into packs of at most 8 MiB, in the order they are given. */
export class PackWriter {
  readonly #upload: PackWriterOptions["upload"]
  readonly #lengths: number[] = []
  #pieces: Buffer[] = []
  #bytes = 0
  #last: Promise<void> = Promise.resolve()

  constructor({ upload }: PackWriterOptions) {
    this.#upload = upload
  }

  /** Lengths of the packs so far, the unfinished one left out. */
  get lengths(): readonly number[] {
    return this.#lengths
  }

  /** Adds bytes as one gzip stream, which lies in one pack. The bytes are the writer's from then on. */
  addText(text: Buffer | string): Promise<Range> {
    const compressed = gzipped(typeof text === "string" ? Buffer.from(text) : text)
    return this.#inTurn(async () => this.#add(await compressed))
  }

  /** Adds a piece of a gzip stream as it is. */
  addPiece(piece: Buffer): Promise<Range> {
    return this.#inTurn(() => this.#add(piece))
  }

  /** Begins a view: one gzip stream that is written piece by piece. Several may be written in turn. */
  view(): ViewWriter {
    return new ViewWriter(this)
  }

  /** Has the last pack uploaded. */
  finish(): Promise<void> {
    return this.#inTurn(() => this.#finish())
  }

  /** In the order of the calls, whichever is compressed first: the same input gives the same packs. */
  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const done = this.#last.then(step)
    // A failure is told to whoever called; what comes after it fails with it.
    this.#last = done.then(() => undefined)
    this.#last.catch(() => undefined)
    return done
  }

  async #add(bytes: Buffer): Promise<Range> {
    if (this.#bytes + bytes.length > packBytes) await this.#finish()
    const range: Range = [this.#lengths.length, this.#bytes, bytes.length]
    this.#pieces.push(bytes)
    this.#bytes += bytes.length
    return range
  }

  async #finish(): Promise<void> {
    if (this.#bytes === 0) return
    const pack = Buffer.concat(this.#pieces, this.#bytes)
    const number = this.#lengths.push(this.#bytes) - 1
    this.#pieces = []
    this.#bytes = 0
    await this.#upload(number, pack)
  }
}

/** One gzip stream on its way into packs. */
export class ViewWriter {
  readonly #packs: PackWriter
  readonly #ranges: Range[] = []
  #gzip: Gzip | null = null
  #compressed: Buffer[] = []
  #compressedBytes = 0
  #failed: Error | null = null

  constructor(packs: PackWriter) {
    this.#packs = packs
  }

  /** Resolves when the bytes are compressed, and theirs again. */
  async write(bytes: Buffer): Promise<void> {
    const gzip = this.#started()
    await new Promise<void>((resolve, reject) =>
      gzip.write(bytes, (error) => (error ? reject(error) : resolve())),
    )
    await this.#place(pieceBytes)
  }

  /** Ends the stream with its last bytes, which are its own from then on; an empty view when there were none at all. */
  async end(bytes: Buffer): Promise<View> {
    if (this.#gzip === null) return bytes.length === 0 ? [] : [await this.#packs.addText(bytes)]
    const gzip = this.#gzip
    await new Promise<void>((resolve, reject) => gzip.once("end", resolve).once("error", reject).end(bytes))
    if (this.#failed !== null) throw this.#failed
    await this.#place(1)
    return this.#ranges
  }

  #started(): Gzip {
    if (this.#gzip !== null) return this.#gzip
    const gzip = createGzip({ level: gzipLevel, chunkSize: 256 * 1024 })
    gzip.on("data", (chunk: Buffer) => {
      this.#compressed.push(chunk)
      this.#compressedBytes += chunk.length
    })
    gzip.on("error", (error) => {
      this.#failed = error
    })
    this.#gzip = gzip
    return gzip
  }

  async #place(atLeast: number): Promise<void> {
    if (this.#compressedBytes < atLeast) return
    const piece = Buffer.concat(this.#compressed, this.#compressedBytes)
    this.#compressed = []
    this.#compressedBytes = 0
    const range = await this.#packs.addPiece(piece)
    const [pack, offset, length] = range
    const last = this.#ranges.at(-1)
    // Pieces that lie side by side are read at once.
    if (last?.[0] === pack && last[1] + last[2] === offset) last[2] += length
    else this.#ranges.push(range)
  }
}
