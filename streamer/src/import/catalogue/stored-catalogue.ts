import { createHash } from "node:crypto"
import { promisify } from "node:util"
import { gunzip, gzip } from "node:zlib"
import type { EntryKind } from "@tributary/shared/catalogue/entry"
import { objects } from "@tributary/shared/store/keys"
import type { EdgeClient } from "../../store/edge-client.ts"
import { Uploads } from "../../store/uploads.ts"
import { RecordWriter } from "./record-writer.ts"

const gzipped = promisify(gzip)
const unpacked = promisify(gunzip)
// Of zlib.
const minimumChunk = 64

/** What a source's last good import is made of; the object is written last, so it is whole or not there. */
export interface StoredCatalogue {
  generation: string
  /** Unpacked bytes of each part. */
  parts: number[]
  entries: Record<EntryKind, number>
  /** Of all records in their order. */
  digest: string
  /** Digest of what the user asked for: another address or filter makes another list. */
  asked: string
  /** Templates of the guides that the list names. */
  guides: string[]
  /** Unix seconds. */
  importedAt: number
}

/** Takes a source's records and stores them beside the last good ones, which they replace at once at the end. */
export class CatalogueUpload {
  readonly writer: RecordWriter
  readonly #edge: EdgeClient
  readonly #source: string
  readonly #generation: string
  readonly #uploads = new Uploads()
  readonly #hash = createHash("sha256")
  readonly #parts: number[] = []

  constructor(edge: EdgeClient, source: string, generation: string) {
    this.#edge = edge
    this.#source = source
    this.#generation = generation
    this.writer = new RecordWriter((part) => this.#store(part))
  }

  /** Resolves when more may be written; rejects when an upload failed. */
  ready(): Promise<void> {
    return this.#uploads.room()
  }

  /** All records are written: their parts are stored, and nothing refers to them yet. */
  async finish(): Promise<void> {
    this.writer.finish()
    await this.#uploads.done()
  }

  /** Makes the stored records the source's catalogue. */
  async replace(guides: string[], asked: string, now: number): Promise<StoredCatalogue> {
    const catalogue: StoredCatalogue = {
      generation: this.#generation,
      parts: this.#parts,
      entries: this.writer.entries,
      digest: this.#hash.digest("hex").slice(0, 32),
      asked,
      guides,
      importedAt: Math.floor(now / 1000),
    }
    await this.#edge.writeObject(objects.catalogue(this.#source), JSON.stringify(catalogue))
    return catalogue
  }

  #store(part: Buffer): void {
    this.#hash.update(part)
    const number = this.#parts.push(part.length) - 1
    const key = objects.cataloguePart(this.#source, this.#generation, number)
    this.#uploads.add(async () => this.#edge.writeObject(key, await gzipped(part, { level: 1 })))
  }
}

/** null before a source's first good import. */
export async function readCatalogue(edge: EdgeClient, source: string): Promise<StoredCatalogue | null> {
  const text = await edge.readObject(objects.catalogue(source))
  return text === null ? null : (JSON.parse(text) as StoredCatalogue)
}

/** The records of a part, unpacked. Throws when the part is gone: the catalogue was replaced meanwhile. */
export async function readPart(
  edge: EdgeClient,
  source: string,
  { generation, parts }: StoredCatalogue,
  part: number,
): Promise<Buffer> {
  const bytes = await edge.readBytes(objects.cataloguePart(source, generation, part))
  if (bytes === null) throw new Error("a part of a catalogue is gone")
  // One buffer of the right size, rather than many small ones that are joined.
  return unpacked(bytes, { chunkSize: (parts[part] ?? 0) + minimumChunk })
}
