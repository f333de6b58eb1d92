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

/** An owner's guides, the object `guides/{owner}.json`. It is written last, so they are whole or not there. */
export interface StoredGuides {
  /** In their priority. */
  guides: StoredGuide[]
}

export interface StoredGuide {
  /** SHA-256 of its address: finds the guide again when addresses are given in another order. */
  address: string
  /** Its objects are `guides/{owner}/{generation}/{part}`. */
  generation: string
  /** Parts with programmes (`record.ts`), each a gzip stream. */
  parts: number[]
  /** The part with its heads: a gzip stream of JSON lines, `GuideHead`. */
  heads: number
  channels: number
  programmes: number
  /** Of its contents: an unchanged guide has the same at its next import. */
  digest: string
  /** Unix seconds. */
  fetchedAt: number
}

/** A channel of a guide that has programmes, and where they are. */
export interface GuideHead {
  id: string
  names: string[]
  icon: string
  programmes: number
  /** Unix seconds: the first start and the last stop. */
  from: number
  until: number
  /** In the unpacked bytes of a part; `part` counts the guide's own. */
  part: number
  offset: number
  bytes: number
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
