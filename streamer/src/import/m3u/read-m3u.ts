import type { EntryKind } from "@tributary/shared/catalogue/entry"
import type { RecordWriter } from "../catalogue/record-writer.ts"
import { type Provider, urlTemplate } from "../catalogue/url-template.ts"
import { ImportError } from "../import-error.ts"
import { writeWanted } from "./entry-sink.ts"
import { LineReader } from "./line-reader.ts"
import { ListReader } from "./list-reader.ts"
import { plainText } from "./plain-text.ts"
import { headBytes, refuseOther } from "./playlist-head.ts"

export interface ReadM3uOptions {
  /** The answer's bytes, unpacked. */
  pieces: AsyncIterable<Buffer>
  provider: Provider
  /** Include and exclude of the source; null: everything is wanted. */
  wanted: ((name: string, groups: readonly string[]) => boolean) | null
  /** What the source's flags allow. */
  kinds: ReadonlySet<EntryKind>
  /** Name of the channel when the source turns out to be one HLS playlist. */
  sourceName: string
  writer: RecordWriter
  /** Awaited after each piece. */
  ready: () => Promise<void>
}

export interface M3uRead {
  /** Entries in the list, wanted or not. */
  found: number
  /** Templates of the guides that the list names, in its order. */
  guides: string[]
}

/**
 * Reads a channel list and writes a record for each of its entries. Throws an ImportError that says what came
 * when it is no playlist.
 */
export async function readM3u(options: ReadM3uOptions): Promise<M3uRead> {
  const { pieces, provider, ready } = options
  const list = new ListReader(provider, options)
  const lines = new LineReader((bytes, start, end) => list.line(bytes, start, end))
  let isHead = true
  for await (const piece of plainText(pieces)) {
    if (isHead) refuseOther(piece.toString("utf8", 0, headBytes))
    isHead = false
    lines.add(piece)
    if (list.isHls) return oneChannel(options)
    list.pieceEnds()
    await ready()
  }
  lines.finish()
  if (list.isHls) return oneChannel(options)
  list.finish()
  if (list.isEmpty) throw new ImportError("empty", "the provider sent an empty answer")
  if (!list.isPlaylist)
    throw new ImportError("not_a_playlist", "the provider sent text that is not a playlist")
  return { found: list.found, guides: [...list.guides] }
}

/** A source may be the stream of one channel itself. */
function oneChannel(options: ReadM3uOptions): M3uRead {
  const { provider, sourceName } = options
  const template = urlTemplate(provider.url, provider)
  if (template === null) throw new ImportError("not_a_playlist", "the source's address is none")
  const locator = { kind: "url", template } as const
  writeWanted({ kind: "live", name: sourceName, attributes: [], groups: [], locator }, options)
  return { found: 1, guides: [] }
}
