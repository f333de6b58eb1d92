/** Things in the order of these ids; what they do not name comes last. */
export function inOrder<Thing extends { id: string }>(
  things: readonly Thing[],
  ids: readonly string[],
): Thing[] {
  const placeOf = ({ id }: Thing) => (ids.includes(id) ? ids.indexOf(id) : ids.length)
  return [...things].sort((a, b) => placeOf(a) - placeOf(b))
}

/** With one id in another's place, those between shifted. Unknown ids change nothing. */
export function moved(ids: readonly string[], id: string, to: string): string[] {
  const [from, place] = [ids.indexOf(id), ids.indexOf(to)]
  if (from < 0 || place < 0) return [...ids]
  return ids.toSpliced(from, 1).toSpliced(place, 0, id)
}

/** The id that stands so many places further down (up: negative); null: there is none. */
export const neighbour = (ids: readonly string[], id: string, by: 1 | -1): string | null =>
  ids.includes(id) ? (ids[ids.indexOf(id) + by] ?? null) : null
