import { type Manifest, manifestSchema } from "@tributary/shared/snapshot/manifest"
import { objects } from "@tributary/shared/store/keys"

export type Publication =
  /** `keepFrom`: the oldest snapshot that readers may still be in the middle of. */
  { ok: true; keepFrom: string | null } | { ok: false; message: string }

/**
 * Makes an uploaded snapshot the current one. Until its one write a reader sees the old snapshot, after it
 * the new one. Refuses a snapshot that is incomplete, or older than the current one (its streamer was
 * overtaken); publishing the current one again is no error, so that the call can be repeated.
 */
export async function publishSnapshot(bucket: R2Bucket, manifest: Manifest): Promise<Publication> {
  const missing = await firstMissingPart(bucket, manifest)
  if (missing !== null) return { ok: false, message: `The snapshot's object "${missing}" was not uploaded.` }
  const stored = await bucket.get(objects.current)
  const current = stored === null ? null : manifestSchema.parse(await stored.json())
  if (current !== null && current.snapshot > manifest.snapshot)
    return { ok: false, message: "A newer snapshot is current." }
  // Another publication since the read fails the write.
  const onlyIf = stored === null ? new Headers({ "if-none-match": "*" }) : { etagMatches: stored.etag }
  const written = await bucket.put(objects.current, JSON.stringify(manifest), { onlyIf })
  if (written === null) return { ok: false, message: "Another snapshot was published meanwhile." }
  const previous = current?.snapshot === manifest.snapshot ? current.previous : (current?.snapshot ?? null)
  return { ok: true, keepFrom: previous }
}

async function firstMissingPart(bucket: R2Bucket, manifest: Manifest): Promise<string | null> {
  const { snapshot, groups, indexShards } = manifest
  const missing = new Set([objects.playlist(snapshot, null)])
  for (const { slug } of groups) missing.add(objects.playlist(snapshot, slug))
  for (let shard = 0; shard < indexShards; shard++) missing.add(objects.indexShard(snapshot, shard))
  for await (const key of listKeys(bucket, objects.snapshotPrefix(snapshot))) missing.delete(key)
  const [first] = missing
  return first ?? null
}

/**
 * Deletes the snapshots before the given one. Ids sort by time, so one that is being uploaded right now is
 * never touched.
 */
export async function removeSnapshotsBefore(bucket: R2Bucket, snapshot: string): Promise<void> {
  const old: string[] = []
  for await (const key of listKeys(bucket, "snapshots/")) {
    if (key >= objects.snapshotPrefix(snapshot)) break
    old.push(key)
  }
  // R2 takes 1,000 keys in one call.
  for (let at = 0; at < old.length; at += 1_000) await bucket.delete(old.slice(at, at + 1_000))
}

/** Keys in their order (R2 lists lexicographically), in pages. */
async function* listKeys(bucket: R2Bucket, prefix: string): AsyncGenerator<string> {
  let cursor: string | undefined
  do {
    const list = await bucket.list({ prefix, ...(cursor === undefined ? {} : { cursor }) })
    for (const { key } of list.objects) yield key
    cursor = list.truncated ? list.cursor : undefined
  } while (cursor !== undefined)
}
