import { promisify } from "node:util"
import { gunzip } from "node:zlib"
import { objects } from "@tributary/shared/store/keys"
import type { LoadedGuides } from "./load-guides.ts"
import { Spool } from "./spool.ts"
import type { GuideStore } from "./stored-guides.ts"

const unpacked = promisify(gunzip)
// Each is a few MB when it is unpacked: one is on its way while the other is copied.
const parallelReads = 2
// Pieces of 16 KB, zlib's default, take longer to join than to unpack.
const chunkSize = 1024 * 1024

const nowhere = { position: 0, bytes: 0 }

/**
 * The programmes of guides' channels, to be read in any order: what is wanted of the stored parts is copied into
 * a temporary file, so that no guide is ever held whole.
 */
export class StoredProgrammes {
  readonly #spool: Spool
  #buffer: Buffer = Buffer.alloc(0)
  readonly #places = new Map<number, { position: number; bytes: number }>()

  private constructor(spool: Spool) {
    this.#spool = spool
  }

  static async open(
    store: GuideStore,
    { guides, channels }: LoadedGuides,
    wanted: ReadonlySet<number>,
    temporaryFolder?: string,
  ): Promise<StoredProgrammes> {
    const programmes = new StoredProgrammes(new Spool(temporaryFolder))
    const parts = new Map<string, number[]>()
    for (const number of wanted) {
      const channel = channels[number]
      const guide = guides[channel?.guide ?? -1]
      if (channel === undefined || guide === undefined) continue
      const { generation, parts: numbers } = guide.stored
      const key = objects.guidePart(guide.owner, generation, numbers[channel.part] ?? -1)
      const inPart = parts.get(key)
      if (inPart === undefined) parts.set(key, [number])
      else inPart.push(number)
    }
    const keys = parts.entries()
    const readSome = async () => {
      for (const [key, numbers] of keys) {
        // An import may have replaced the guide just now; it has publishing run again, with its new parts.
        const packed = await store.readBytes(key)
        if (packed !== null) programmes.#keep(await unpacked(packed, { chunkSize }), numbers, channels)
      }
    }
    try {
      await Promise.all(Array.from({ length: parallelReads }, readSome))
    } catch (error) {
      programmes.close()
      throw error
    }
    return programmes
  }

  /** Records of guides' channels, empty where they are gone. They are valid until the next call. */
  read(channels: readonly number[]): Buffer[] {
    const places = channels.map((channel) => this.#places.get(channel) ?? nowhere)
    const bytes = places.reduce((sum, place) => sum + place.bytes, 0)
    if (bytes > this.#buffer.length) this.#buffer = Buffer.allocUnsafeSlow(bytes * 2)
    let end = 0
    return places.map((place) => {
      const start = end
      end += place.bytes
      this.#spool.read(this.#buffer, start, place.bytes, place.position)
      return this.#buffer.subarray(start, end)
    })
  }

  close(): void {
    this.#spool.close()
  }

  #keep(part: Buffer, numbers: readonly number[], channels: LoadedGuides["channels"]): void {
    for (const number of numbers) {
      const channel = channels[number]
      if (channel === undefined) continue
      const { offset, bytes } = channel
      this.#places.set(number, { position: this.#spool.append(part.subarray(offset, offset + bytes)), bytes })
    }
  }
}
