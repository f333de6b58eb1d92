import { createHash } from "node:crypto"
import { promisify } from "node:util"
import { gunzip } from "node:zlib"
import { withoutQuality } from "@tributary/shared/catalogue/group-key"
import type { GuideHead, StoredGuide } from "@tributary/shared/snapshot/stored-guides"
import { objects } from "@tributary/shared/store/keys"
import { plainName } from "./plain-name.ts"
import { type GuideStore, readStoredGuides } from "./stored-guides.ts"

const unpacked = promisify(gunzip)

/** Channels of all guides by one number, in the guides' priority. */
export interface LoadedGuides {
  /** Of all contents and their order: equal for equal guides. */
  readonly digest: string
  readonly isEmpty: boolean
  readonly guides: readonly LoadedGuide[]
  readonly channels: readonly LoadedChannel[]
  /** Id (trimmed, lower case) -> numbers of channels, ascending. */
  readonly byId: ReadonlyMap<string, readonly number[]>
  /** Normalised display name -> numbers of channels, ascending. */
  readonly byName: ReadonlyMap<string, readonly number[]>
  /** The same without quality tags. */
  readonly byBareName: ReadonlyMap<string, readonly number[]>
}

export interface LoadedGuide {
  owner: string | null
  stored: StoredGuide
}

/** A guide's channel: `GuideHead` without what only matching needs. */
export type LoadedChannel = Omit<GuideHead, "names" | "programmes"> & { guide: number }

/** Reads what channels the stored guides have, not their programmes. Owners are in their priority. */
export async function loadGuides(
  store: GuideStore,
  owners: readonly (string | null)[],
): Promise<LoadedGuides> {
  const index = new GuideIndex()
  for (const owner of owners) {
    // An import may replace the guides between their pointer and their heads; then the new ones are there.
    for (let attempt = 1; attempt <= 2; attempt++) {
      const { guides } = await readStoredGuides(store, owner)
      const heads = await Promise.all(guides.map((guide) => readHeads(store, owner, guide)))
      if (attempt === 1 && heads.includes(null)) continue
      guides.forEach((stored, at) => {
        const found = heads[at]
        // A guide that got lost must not stop all publishing.
        if (found !== null && found !== undefined) index.add({ owner, stored }, found)
      })
      break
    }
  }
  return index.done()
}

async function readHeads(
  store: GuideStore,
  owner: string | null,
  { generation, heads }: StoredGuide,
): Promise<GuideHead[] | null> {
  const packed = await store.readBytes(objects.guidePart(owner, generation, heads))
  if (packed === null) return null
  const lines = (await unpacked(packed)).toString().split("\n")
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as GuideHead)
}

class GuideIndex {
  readonly #guides: LoadedGuide[] = []
  readonly #channels: LoadedChannel[] = []
  readonly #byId = new Map<string, number[]>()
  readonly #byName = new Map<string, number[]>()
  readonly #byBareName = new Map<string, number[]>()

  add(guide: LoadedGuide, heads: readonly GuideHead[]): void {
    const number = this.#guides.push(guide) - 1
    for (const { id, icon, from, until, part, offset, bytes, names } of heads) {
      const channel = this.#channels.push({ guide: number, id, icon, from, until, part, offset, bytes }) - 1
      note(this.#byId, id.trim().toLowerCase(), channel)
      for (const name of names) {
        note(this.#byName, plainName(name), channel)
        note(this.#byBareName, plainName(withoutQuality(name)), channel)
      }
    }
  }

  done(): LoadedGuides {
    const digest = createHash("sha256")
    for (const { stored } of this.#guides) digest.update(`${stored.digest}\n`)
    return {
      digest: digest.digest("hex"),
      isEmpty: this.#channels.length === 0,
      guides: this.#guides,
      channels: this.#channels,
      byId: this.#byId,
      byName: this.#byName,
      byBareName: this.#byBareName,
    }
  }
}

function note(index: Map<string, number[]>, key: string, channel: number): void {
  if (key === "") return
  const known = index.get(key)
  if (known === undefined) index.set(key, [channel])
  else if (known.at(-1) !== channel) known.push(channel)
}
