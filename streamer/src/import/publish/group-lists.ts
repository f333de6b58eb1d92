import { slug } from "@tributary/shared/catalogue/slug"
import { field, groupEnd, type kindBytes } from "../catalogue/record.ts"
import type { ChannelSet } from "./channel-set.ts"
import { HashTable } from "./hash-table.ts"
import { Hashes } from "./hashes.ts"

// A slug is a segment of an address; a character has up to three bytes, each of them three characters there.
const longestSlug = 200

export type Kind = keyof typeof kindBytes

/** Channels of one kind in their order, and each group's own, groups in alphabetical order. */
export interface Section {
  kind: Kind
  all: Uint32Array
  groups: { name: string; channels: number[] }[]
}

/** Lists every group's channels; a channel may be in several groups, or in none. */
export function sectionOf(channels: ChannelSet, kind: Kind, all: Uint32Array): Section {
  const { records } = channels
  const known = new HashTable(256)
  const hashes = new Hashes()
  const groups: { name: string; channels: number[] }[] = []
  for (const channel of all) {
    const { bytes, starts, ends } = records.open(channels.face[channel] as number)
    const end = ends[field.groups] as number
    for (let start = starts[field.groups] as number; start < end; ) {
      let to = start
      while (to < end && bytes[to] !== groupEnd) to++
      hashes.begin().bytes(bytes, start, to).end()
      const index = known.add(hashes.one, hashes.two, groups.length)
      if (index === groups.length) groups.push({ name: bytes.toString("utf8", start, to), channels: [] })
      const list = groups[index]?.channels
      // An entry may name one group twice.
      if (list !== undefined && list.at(-1) !== channel) list.push(channel)
      start = to + 1
    }
  }
  groups.sort((a, b) => (a.name < b.name ? -1 : 1))
  return { kind, all, groups }
}

/** A path segment for each group's name, the same in every section; equal ones are told apart by a number. */
export function slugsOf(sections: readonly Section[]): Map<string, string> {
  const names = new Set(sections.flatMap(({ groups }) => groups.map(({ name }) => name)))
  const taken = new Set<string>()
  const slugs = new Map<string, string>()
  for (const name of [...names].sort((a, b) => (a < b ? -1 : 1))) {
    const base = slug(name).slice(0, longestSlug).toWellFormed()
    let candidate = base
    for (let number = 2; taken.has(candidate); number++) candidate = `${base}-${number}`
    taken.add(candidate)
    slugs.set(name, candidate)
  }
  return slugs
}
