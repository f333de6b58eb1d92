import { env } from "cloudflare:workers"
import type { Range, View } from "@tributary/shared/snapshot/manifest"
import { objects } from "@tributary/shared/store/keys"
import { joinBytes } from "../playlist/join-bytes.ts"
import { packGzip } from "../transfer/paced.ts"

/** Puts gzip streams into packs, as the importer does but in small ones: views are cut and lie in several. */
export class PackBuilder {
  readonly #packs: Uint8Array[][] = [[]]
  readonly #packBytes: number

  constructor(packBytes: number) {
    this.#packBytes = packBytes
  }

  get lengths(): number[] {
    return this.#packs.map(lengthOf)
  }

  /** One gzip stream, cut wherever a pack is full; an empty view for an empty text. */
  async view(text: string | AsyncIterable<Uint8Array>): Promise<View> {
    if (text === "") return []
    const bytes = await gzip(text)
    const view: View = []
    for (let at = 0; at < bytes.length; ) {
      const free = this.#packBytes - lengthOf(this.#packs.at(-1) ?? [])
      if (free <= 0) this.#packs.push([])
      else {
        view.push(this.#add(bytes.subarray(at, at + free)))
        at += free
      }
    }
    return view
  }

  /** One gzip stream in one piece. */
  async range(text: string): Promise<Range> {
    return this.#add(await gzip(text))
  }

  /** Gzip streams one after the other in one pack. */
  async run(texts: readonly string[]): Promise<{ pack: number; offset: number; lengths: number[] }> {
    const ranges: Range[] = []
    for (const text of texts) ranges.push(await this.range(text))
    const [pack, offset] = ranges[0] ?? [0, 0]
    return { pack, offset, lengths: ranges.map(([, , length]) => length) }
  }

  async upload(snapshot: string): Promise<void> {
    await Promise.all(
      this.#packs.map((pieces, number) =>
        env.SNAPSHOTS.put(objects.pack(snapshot, number), joinBytes(pieces)),
      ),
    )
  }

  #add(bytes: Uint8Array): Range {
    const number = this.#packs.length - 1
    const pack = this.#packs[number] ?? []
    const range: Range = [number, lengthOf(pack), bytes.length]
    pack.push(bytes)
    return range
  }
}

async function gzip(text: string | AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks = typeof text === "string" ? one(new TextEncoder().encode(text)) : text
  const packed: Uint8Array[] = []
  for await (const chunk of packGzip(chunks)) packed.push(chunk)
  return joinBytes(packed)
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

const lengthOf = (pieces: readonly Uint8Array[]) => pieces.reduce((sum, { length }) => sum + length, 0)
