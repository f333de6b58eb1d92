import type { Neighbour } from "./neighbours.ts"

export interface Wishes {
  /** Streamers that carry the channel already, the best first. */
  prefer: readonly string[]
  region: string
}

/** Who takes a channel's viewers: one that carries it, else one of the region, else the one with the fewest. */
export function chooseNeighbour(
  neighbours: readonly Neighbour[],
  { prefer, region }: Wishes,
): Neighbour | null {
  const rank = ({ id, region: theirs, viewers }: Neighbour) => {
    const at = prefer.indexOf(id)
    return [at < 0 ? prefer.length : at, theirs === region ? 0 : 1, viewers] as const
  }
  const better = (one: Neighbour, other: Neighbour) => {
    const [mine, theirs] = [rank(one), rank(other)]
    const at = mine.findIndex((value, index) => value !== theirs[index])
    return at < 0 ? one.id < other.id : (mine[at] ?? 0) < (theirs[at] ?? 0)
  }
  return neighbours.reduce<Neighbour | null>(
    (best, each) => (best === null || better(each, best) ? each : best),
    null,
  )
}
