import { createHash } from "node:crypto"
import { promisify } from "node:util"
import { gzip } from "node:zlib"
import type { GuideHead } from "@tributary/shared/snapshot/stored-guides"
import { Uploads } from "../../store/uploads.ts"
import { recordBytes } from "./record.ts"
import { ScratchBytes } from "./scratch-bytes.ts"

const gzipped = promisify(gzip)
const partBytes = 2 * 1024 * 1024

/** Gathers a guide's programmes in parts of about 2 MiB, which it packs and uploads a few at a time. */
export class GuideParts {
  /** Numbers of the parts so far. */
  readonly parts: number[] = []
  readonly #upload: (part: number, bytes: Buffer) => Promise<void>
  readonly #nextNumber: () => number
  readonly #uploads = new Uploads()
  readonly #digests: string[] = []
  /** Buffers of parts that are packed by now. */
  readonly #free: ScratchBytes[] = []
  #part = emptyPart()

  /** `nextNumber` gives the number of a new part; `upload` stores its packed bytes. */
  constructor(nextNumber: () => number, upload: (part: number, bytes: Buffer) => Promise<void>) {
    this.#nextNumber = nextNumber
    this.#upload = upload
  }

  /** Adds the programmes of one channel, which lie in one part. Resolves when more may be added. */
  async add(
    records: Buffer,
    places: readonly number[],
  ): Promise<Pick<GuideHead, "part" | "offset" | "bytes">> {
    const part = this.parts.length
    const offset = this.#part.length
    for (const place of places) this.#part.copy(records, place, place + recordBytes(records, place))
    const bytes = this.#part.length - offset
    if (this.#part.length >= partBytes) await this.#handOver()
    return { part, offset, bytes }
  }

  /** Stores what is left, then the heads as a part of their own; gives its number and the digest of all. */
  async finish(heads: readonly GuideHead[]): Promise<{ heads: number; digest: string }> {
    if (this.#part.length > 0) await this.#handOver()
    const number = this.#nextNumber()
    const lines = heads.map((head) => `${JSON.stringify(head)}\n`).join("")
    this.#store(number, Buffer.from(lines), this.#digests.length)
    await this.#uploads.done()
    return { heads: number, digest: sha256(this.#digests.join(" ")) }
  }

  /** Resolves when no upload runs any more, whatever became of it. */
  async settled(): Promise<void> {
    await this.#uploads.done().catch(() => undefined)
  }

  async #handOver(): Promise<void> {
    const number = this.#nextNumber()
    const part = this.#part
    this.#store(number, part.bytes.subarray(0, part.length), this.parts.length, () => {
      part.length = 0
      this.#free.push(part)
    })
    this.parts.push(number)
    this.#part = this.#free.pop() ?? emptyPart()
    await this.#uploads.room()
  }

  #store(number: number, bytes: Buffer, index: number, onPacked = () => {}): void {
    this.#digests[index] = ""
    this.#uploads.add(async () => {
      const packed = await gzipped(bytes, { level: 1 })
      onPacked()
      // Of the packed bytes, for they are few; packing is the same on every machine.
      this.#digests[index] = sha256(packed)
      await this.#upload(number, packed)
    })
  }
}

const emptyPart = () => new ScratchBytes(partBytes + partBytes / 8)

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex")
}
