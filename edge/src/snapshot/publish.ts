import {
  type Manifest,
  manifestSchema,
  type Pointer,
  pointerSchema,
} from "@tributary/shared/snapshot/manifest"
import { objects } from "@tributary/shared/store/keys"

export type Publication =
  /** `keepFrom`: the oldest snapshot that readers may still be in the middle of. */
  { ok: true; keepFrom: string | null } | { ok: false; message: string }

/**
 * Makes an uploaded snapshot the current one. Until its one write a reader sees the old snapshot, after it
 * the new one. Refuses a snapshot that is incomplete, or older than the current one (its streamer was
 * overtaken); publishing the current one again is no error, so that the call can be repeated.
 */
export async function publishSnapshot(bucket: R2Bucket, pointer: Pointer): Promise<Publication> {
  const flaw = await firstFlaw(bucket, pointer.snapshot)
  if (flaw !== null) return { ok: false, message: flaw }
  const stored = await bucket.get(objects.current)
  const current = stored === null ? null : pointerSchema.parse(await stored.json())
  if (current !== null && current.snapshot > pointer.snapshot)
    return { ok: false, message: "A newer snapshot is current." }
  const previous = current?.snapshot === pointer.snapshot ? current.previous : (current?.snapshot ?? null)
  // Another publication since the read fails the write.
  const onlyIf = stored === null ? new Headers({ "if-none-match": "*" }) : { etagMatches: stored.etag }
  const written = await bucket.put(objects.current, JSON.stringify({ ...pointer, previous }), { onlyIf })
  if (written === null) return { ok: false, message: "Another snapshot was published meanwhile." }
  return { ok: true, keepFrom: previous }
}

/** Why an uploaded snapshot is not whole; null when it is. */
async function firstFlaw(bucket: R2Bucket, snapshot: string): Promise<string | null> {
  const manifest = await readManifest(bucket, snapshot)
  if (manifest === null) return `The snapshot has no valid "${objects.manifest(snapshot)}".`
  if (manifest.snapshot !== snapshot) return `The manifest is of another snapshot, "${manifest.snapshot}".`
  const lengths = new Map<string, number>()
  for await (const { key, size } of listObjects(bucket, objects.snapshotPrefix(snapshot)))
    lengths.set(key, size)
  for (const [number, length] of manifest.packs.entries()) {
    const key = objects.pack(snapshot, number)
    const stored = lengths.get(key)
    if (stored === undefined) return `The snapshot's object "${key}" was not uploaded.`
    if (stored !== length) return `The snapshot's object "${key}" has ${stored} bytes, not ${length}.`
  }
  return null
}

async function readManifest(bucket: R2Bucket, snapshot: string): Promise<Manifest | null> {
  const object = await bucket.get(objects.manifest(snapshot))
  const value = await object?.json().catch(() => undefined)
  return manifestSchema.safeParse(value).data ?? null
}

/**
 * Deletes the snapshots before the given one. Ids sort by time, so one that is being uploaded right now is
 * never touched.
 */
export async function removeSnapshotsBefore(bucket: R2Bucket, snapshot: string): Promise<void> {
  const old: string[] = []
  for await (const { key } of listObjects(bucket, "snapshots/")) {
    if (key >= objects.snapshotPrefix(snapshot)) break
    old.push(key)
  }
  // R2 takes 1,000 keys in one call.
  for (let at = 0; at < old.length; at += 1_000) await bucket.delete(old.slice(at, at + 1_000))
}

/** Objects in the order of their keys (R2 lists lexicographically), in pages. */
async function* listObjects(bucket: R2Bucket, prefix: string): AsyncGenerator<R2Object> {
  let cursor: string | undefined
  do {
    const list = await bucket.list({ prefix, ...(cursor === undefined ? {} : { cursor }) })
    yield* list.objects
    cursor = list.truncated ? list.cursor : undefined
  } while (cursor !== undefined)
}
