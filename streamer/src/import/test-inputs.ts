import type { Entry } from "@tributary/shared/catalogue/entry"
import type { Provider } from "./catalogue/url-template.ts"
import { linesOf } from "./m3u/lines.ts"
import { parseM3u } from "./m3u/parse-m3u.ts"

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

async function* bytes(text: string | Buffer) {
  yield Buffer.from(text as string)
}

/** The entries of a channel list that comes in one piece. */
export const parseList = (text: string | Buffer, provider = openProvider): Promise<Entry[]> =>
  collected(parseM3u(linesOf(bytes(text)), provider))
