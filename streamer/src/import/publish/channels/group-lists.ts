import { slug } from "@tributary/shared/catalogue/slug"
import type { kindBytes } from "../../catalogue/record.ts"
import type { GroupSet, GroupSets } from "./group-sets.ts"

// A slug is a segment of an address; a character has up to three bytes, each of them three characters there.
const longestSlug = 200

export type Kind = keyof typeof kindBytes

/** Channels of one kind in their order, and the groups that they are in, in alphabetical order. */
export interface Section {
  kind: Kind
  all: Uint32Array
  groups: { name: string; entries: number }[]
  /** Places in `groups` of a channel's groups. */
  groupsOf: (channel: number) => readonly number[]
}

/** Finds the groups that have channels of a kind; a channel may be in several groups, or in none. */
export function sectionOf(sets: GroupSets, kind: Kind, all: Uint32Array): Section {
  const members = new Uint32Array(sets.count)
  const used: GroupSet[] = []
  for (const channel of all) {
    const set = sets.of(channel)
    if (members[set.number] === 0) used.push(set)
    members[set.number] = (members[set.number] as number) + 1
  }
  const names = [...new Set(used.flatMap(({ groups }) => groups))].sort((a, b) => (a < b ? -1 : 1))
  const places = new Map(names.map((name, place) => [name, place]))
  const groups = names.map((name) => ({ name, entries: 0 }))
  const placesOfSet: number[][] = []
  for (const set of used) {
    placesOfSet[set.number] = set.groups.map((name) => places.get(name) as number)
    for (const name of set.groups) {
      const group = groups[places.get(name) as number]
      if (group !== undefined) group.entries += members[set.number] as number
    }
  }
  return { kind, all, groups, groupsOf: (channel) => placesOfSet[sets.of(channel).number] ?? [] }
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
