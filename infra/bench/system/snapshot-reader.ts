import type { CountingBucket } from "./counting-bucket.ts"

interface Reader {
  current: (now: number) => Promise<unknown>
  findChannel: (text: string, now: number) => Promise<{ id: string } | null>
}

interface EdgeModules {
  SnapshotReader: new (bucket: CountingBucket, packs: unknown) => Reader
  PackReader: new (bucket: CountingBucket) => unknown
}

const edgeSnapshots = new URL("../../../edge/src/snapshot/", import.meta.url)

/**
 * The edge's own reader, run by Node. It is loaded by its address because its types are those of Workers, which
 * this package does not have.
 */
export async function openReader(bucket: CountingBucket): Promise<Reader> {
  const modules = ["snapshot-reader.ts", "pack-reader.ts"].map(
    (name) => import(new URL(name, edgeSnapshots).href) as Promise<Partial<EdgeModules>>,
  )
  const { SnapshotReader, PackReader } = Object.assign({}, ...(await Promise.all(modules))) as EdgeModules
  return new SnapshotReader(bucket, new PackReader(bucket))
}
