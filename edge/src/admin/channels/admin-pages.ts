import type { Manifest, Range } from "@tributary/shared/snapshot/manifest"
import { objects } from "@tributary/shared/store/keys"

/** The snapshot was replaced twice while it was read, and is deleted by now. */
export class SnapshotGoneError extends Error {
  override name = "SnapshotGoneError"
}

// A Worker may make a thousand reads: neighbouring pages are read at once, as many as its memory is fine with.
const runBytes = 4 * 1024 * 1024

/**
 * Pages of rows, NDJSON each, from page `first` to page `last` inclusive; read as they are asked for. Throws a
 * SnapshotGoneError.
 */
export async function* readPages(
  bucket: R2Bucket,
  { snapshot, admin }: Manifest,
  first = 0,
  last = admin.pages.length - 1,
): AsyncGenerator<string> {
  for (const run of runsOf(admin.pages.slice(first, last + 1))) {
    const [pack, start] = run[0] as Range
    const [, lastOffset, lastLength] = run[run.length - 1] as Range
    const range = { offset: start, length: lastOffset + lastLength - start }
    const object = await bucket.get(objects.pack(snapshot, pack), { range })
    if (object === null) throw new SnapshotGoneError(`snapshot ${snapshot} is gone`)
    const bytes = new Uint8Array(await object.arrayBuffer())
    for (const [, offset, length] of run)
      yield await unpack(bytes.subarray(offset - start, offset - start + length))
  }
}

/** Pages that lie one after the other in a pack, in runs of a bounded size. */
function runsOf(pages: readonly Range[]): Range[][] {
  const runs: Range[][] = []
  for (const page of pages) {
    const run = runs[runs.length - 1]
    const before = run?.[run.length - 1]
    const [start] = run ?? []
    const isNext =
      before !== undefined &&
      start !== undefined &&
      before[0] === page[0] &&
      before[1] + before[2] === page[1] &&
      page[1] + page[2] - start[1] <= runBytes
    if (isNext) run?.push(page)
    else runs.push([page])
  }
  return runs
}

function unpack(bytes: Uint8Array): Promise<string> {
  const unpacked = new Response(bytes).body?.pipeThrough(new DecompressionStream("gzip"))
  return new Response(unpacked).text()
}
