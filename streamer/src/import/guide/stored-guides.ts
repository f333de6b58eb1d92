import type { StoredGuide, StoredGuides } from "@tributary/shared/snapshot/stored-guides"
import { objects } from "@tributary/shared/store/keys"

/** What guides need of the object storage behind the edge (`EdgeClient`). */
export interface GuideStore {
  /** null when there is no such object, here and below. */
  readObject(key: string): Promise<string | null>
  readBytes(key: string): Promise<Buffer | null>
  writeObject(key: string, body: string | Buffer): Promise<void>
  deleteObject(key: string): Promise<void>
  /** Keys that begin with `prefix`. */
  listObjects(prefix: string): Promise<string[]>
}

export async function readStoredGuides(store: GuideStore, owner: string | null): Promise<StoredGuides> {
  const text = await store.readObject(objects.guides(owner))
  return text === null ? { guides: [] } : (JSON.parse(text) as StoredGuides)
}

/** Keys of all objects that a guide is made of. */
export function objectsOfGuide(owner: string | null, { generation, parts, heads }: StoredGuide): string[] {
  return [...parts, heads].map((part) => objects.guidePart(owner, generation, part))
}

/** What the keys of all parts of an owner's guides begin with. */
export function guideParts(owner: string | null): string {
  return objects.guides(owner).replace(/\.json$/, "/")
}
