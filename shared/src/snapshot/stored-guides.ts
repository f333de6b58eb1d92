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
  /** Parts with programmes (`record.ts` of the importer), each a gzip stream. */
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
