import { createHash, randomUUID } from "node:crypto"
import type { StoredGuide, StoredGuides } from "@tributary/shared/snapshot/stored-guides"
import { objects } from "@tributary/shared/store/keys"
import type { Provider } from "../catalogue/url-template.ts"
import { ImportError } from "../import-error.ts"
import { GuideParts } from "./guide-parts.ts"
import { importGuide } from "./import-guide.ts"
import { type GuideStore, guideParts, objectsOfGuide, readStoredGuides } from "./stored-guides.ts"

/** Where a guide is; its secrets go nowhere but into the request. */
export interface GuideAddress {
  url: string
  headers: Record<string, string>
}

export interface ImportGuidesOptions {
  /** A source's id; null for the guides that are configured on their own. */
  owner: string | null
  /** In their priority. */
  addresses: readonly GuideAddress[]
  /** Unpacked bytes of a guide; throws an ImportError. */
  fetch: (address: GuideAddress) => AsyncIterable<Buffer>
  edge: GuideStore
  /** Asked before the guides are replaced: false when another streamer imports them by now. */
  mayWrite: () => Promise<boolean>
  /** Called now and then with all (unpacked) bytes and programmes so far. */
  onProgress: (progress: { bytes?: number; entries?: number }) => void
  /** The source whose server and login must not get out with icons and links. */
  provider?: Provider | null
  /** Unix milliseconds. */
  now: number
  temporaryFolder?: string
}

export interface ImportedGuides {
  /** In the order of the addresses; what an earlier import brought is among them. */
  guides: { channels: number; programmes: number }[]
  /** What went wrong with some of them, for people. */
  problems: string[]
}

// A guide that broke off is taken when it has this share of what it had before.
const leastShare = 0.5

/**
 * Imports an owner's guides and replaces the stored ones at once. A guide that fails leaves the one that its
 * address brought last in place; an ImportError when all fail.
 */
export async function importGuides(options: ImportGuidesOptions): Promise<ImportedGuides> {
  const { owner, edge, mayWrite } = options
  const old = (await readStoredGuides(edge, owner)).guides
  const round = new ImportRound(options, old)
  for (const address of uniqueAddresses(options.addresses)) await round.import(address)
  round.throwWhenAllFailed()
  if (!(await mayWrite()))
    throw new ImportError("interrupted", "another streamer imports these guides by now")
  const { guides, problems } = round
  await edge.writeObject(objects.guides(owner), JSON.stringify({ guides } satisfies StoredGuides))
  // Whatever stays behind does no harm, and the next import finds it again.
  await removeOthers(edge, owner, [...guides, ...old]).catch(() => undefined)
  return { guides: guides.map(({ channels, programmes }) => ({ channels, programmes })), problems }
}

/** The guides before stay, as a publication may be reading them; older ones and crashed imports' parts go. */
async function removeOthers(store: GuideStore, owner: string | null, kept: StoredGuide[]): Promise<void> {
  const keys = new Set(kept.flatMap((guide) => objectsOfGuide(owner, guide)))
  for (const key of await store.listObjects(guideParts(owner)))
    if (!keys.has(key)) await store.deleteObject(key)
}

/** One import of all of an owner's guides, on its way. */
class ImportRound {
  readonly guides: StoredGuide[] = []
  readonly problems: string[] = []
  readonly #options: ImportGuidesOptions
  readonly #old: readonly StoredGuide[]
  readonly #generation = randomUUID()
  readonly #failures: ImportError[] = []
  /** Number of the address that is being imported, from 1. */
  #number = 0
  #parts = 0
  #progress = { bytes: 0, entries: 0 }

  constructor(options: ImportGuidesOptions, old: readonly StoredGuide[]) {
    this.#options = options
    this.#old = old
  }

  async import(address: GuideAddress): Promise<void> {
    this.#number++
    const digest = createHash("sha256").update(address.url).digest("hex")
    const old = this.#old.find((guide) => guide.address === digest)
    try {
      this.guides.push(await this.#fetched(address, digest, old))
    } catch (error) {
      if (!(error instanceof ImportError)) throw error
      this.#failures.push(error)
      this.problems.push(`guide ${this.#number}: ${error.message}`)
      if (old !== undefined) this.guides.push(old)
    }
  }

  throwWhenAllFailed(): void {
    const [first] = this.#failures
    if (first === undefined || this.#failures.length < this.#number) return
    throw this.#number === 1 ? first : new ImportError(first.code, this.problems.join("; "))
  }

  async #fetched(address: GuideAddress, digest: string, old: StoredGuide | undefined): Promise<StoredGuide> {
    const { fetch, provider = null, now, temporaryFolder } = this.#options
    const parts = new GuideParts(
      () => this.#parts++,
      (part, bytes) => this.#options.edge.writeObject(this.#key(part), bytes),
    )
    const before = { ...this.#progress }
    const imported = await importGuide({
      ...{ pieces: fetch(address), parts, provider, now },
      ...(temporaryFolder === undefined ? {} : { temporaryFolder }),
      onProgress: ({ bytes, entries }) => {
        this.#progress = { bytes: before.bytes + bytes, entries: before.entries + entries }
        this.#options.onProgress(this.#progress)
      },
    })
    const { heads, channels, programmes, isWhole, unreadable } = imported
    if (!isWhole) {
      if (old !== undefined && programmes < old.programmes * leastShare)
        throw new ImportError("shrunken", `it broke off after ${programmes} of ${old.programmes} programmes`)
      this.problems.push(`guide ${this.#number}: it broke off before its end`)
    }
    if (unreadable > 0)
      this.problems.push(
        `guide ${this.#number}: ${unreadable} programmes could not be read and were left out`,
      )
    const fetchedAt = Math.floor(now / 1000)
    return {
      ...{ address: digest, generation: this.#generation, parts: parts.parts, heads, channels, programmes },
      ...{ digest: imported.digest, fetchedAt },
    }
  }

  #key(part: number): string {
    return objects.guidePart(this.#options.owner, this.#generation, part)
  }
}

/** An address that is given twice is the same guide. */
function uniqueAddresses(addresses: readonly GuideAddress[]): GuideAddress[] {
  return [...new Map(addresses.map((address) => [address.url, address])).values()]
}
