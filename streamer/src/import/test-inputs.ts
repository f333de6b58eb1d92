import { type Entry, type EntryKind, entryKinds } from "@tributary/shared/catalogue/entry"
import { recordsIn } from "./catalogue/read-record.ts"
import { RecordWriter } from "./catalogue/record-writer.ts"
import type { Provider } from "./catalogue/url-template.ts"
import { type M3uRead, readM3u } from "./m3u/read-m3u.ts"

/** Random choices that a test can repeat: the same seed gives the same ones (mulberry32). */
export interface SeededRandom {
  /** A whole number from 0 to below `below`. */
  below: (below: number) => number
  pick: <T>(items: readonly [T, ...T[]]) => T
  /** As many characters as said, each one of `alphabet`. */
  text: (length: number, alphabet: readonly [string, ...string[]]) => string
}

export function seededRandom(seed: number): SeededRandom {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const below = (limit: number) => Math.floor(next() * limit)
  const pick = <T>(items: readonly [T, ...T[]]) => items[below(items.length)] ?? items[0]
  const text = (length: number, alphabet: readonly [string, ...string[]]) =>
    Array.from({ length }, () => pick(alphabet)).join("")
  return { below, pick, text }
}

export async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

/** A provider that needs no login. */
export const openProvider: Provider = { url: "http://list.test/lists/tv.m3u", login: null }

export async function* inPieces(pieces: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* pieces
}

/** Bytes in pieces, each as long as said. */
export function cut(bytes: Buffer, size: () => number): Buffer[] {
  const pieces: Buffer[] = []
  for (let at = 0; at < bytes.length; at += pieces.at(-1)?.length ?? 0)
    pieces.push(bytes.subarray(at, at + size()))
  return pieces
}

export interface ReadListOptions {
  text?: string | Buffer
  /** In place of `text`. */
  pieces?: AsyncIterable<Buffer>
  provider?: Provider
  kinds?: readonly EntryKind[]
  wanted?: (name: string, groups: readonly string[]) => boolean
  ready?: () => Promise<void>
}

/** What the import of a channel list finds, and the entries that it writes and the publishing reads. */
export async function readList(options: ReadListOptions): Promise<M3uRead & { entries: Entry[] }> {
  const parts: Buffer[] = []
  const writer = new RecordWriter((part) => parts.push(part), 1024)
  const read = await readM3u({
    pieces: options.pieces ?? inPieces([Buffer.from((options.text ?? "") as string)]),
    provider: options.provider ?? openProvider,
    wanted: options.wanted ?? null,
    kinds: new Set(options.kinds ?? entryKinds),
    sourceName: "Source",
    writer,
    ready: options.ready ?? (async () => undefined),
  })
  writer.finish()
  return { ...read, entries: parts.flatMap((part) => [...recordsIn(part)]) }
}

/** The entries of a channel list that comes in one piece. */
export const parseList = async (text: string | Buffer, provider = openProvider): Promise<Entry[]> =>
  (await readList({ text, provider })).entries
