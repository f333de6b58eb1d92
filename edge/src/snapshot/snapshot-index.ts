import type { Manifest, Range } from "@tributary/shared/snapshot/manifest"

/** Where the shards of a snapshot's index are. Made once per manifest: there may be tens of thousands. */
export class SnapshotIndex {
  readonly count: number
  readonly #runs: { first: number; pack: number; offsets: Float64Array }[] = []

  constructor(runs: Manifest["index"]) {
    let first = 0
    for (const { pack, offset, lengths } of runs) {
      const offsets = new Float64Array(lengths.length + 1)
      offsets[0] = offset
      for (const [at, length] of lengths.entries()) offsets[at + 1] = (offsets[at] ?? 0) + length
      this.#runs.push({ first, pack, offsets })
      first += lengths.length
    }
    this.count = first
  }

  rangeOf(shard: number): Range | null {
    const run = this.#runs.findLast(({ first }) => first <= shard)
    const start = run?.offsets[shard - run.first]
    const end = run?.offsets[shard - run.first + 1]
    return run === undefined || start === undefined || end === undefined
      ? null
      : [run.pack, start, end - start]
  }
}
