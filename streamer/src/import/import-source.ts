import { createHash } from "node:crypto"
import type { LookupFunction } from "node:net"
import { type EntryKind, entryKinds } from "@tributary/shared/catalogue/entry"
import type { Settings } from "@tributary/shared/config/settings"
import { objects } from "@tributary/shared/store/keys"
import type { AccountReport } from "@tributary/shared/store/records"
import type { EdgeClient } from "../store/edge-client.ts"
import { type OpenSource, upstreamHeaders } from "../upstream/open-feed.ts"
import { keepRecords } from "./catalogue/keep-records.ts"
import { CatalogueUpload, readCatalogue, type StoredCatalogue } from "./catalogue/stored-catalogue.ts"
import { fetchPieces } from "./fetch/fetch-pieces.ts"
import { ImportError } from "./import-error.ts"
import { readM3u } from "./m3u/read-m3u.ts"
import { readXtream } from "./xtream/read-xtream.ts"

export interface ImportSourceOptions {
  id: string
  source: OpenSource
  settings: Settings
  edge: EdgeClient
  /** How names are looked up. */
  lookup?: LookupFunction
  /** The user said that the list really is as short as it now is. */
  acceptShrunken: boolean
  /** Called as the import goes on: bytes that came since, and entries so far. */
  onProgress: (bytes: number, entries: number) => void
  /** Asked right before the catalogue is replaced: false when another streamer imports the source by now. */
  mayWrite: () => Promise<boolean>
  /** Names what is stored; another one for each import. */
  generation: string
  now: number
}

export interface Imported {
  entries: number
  /** What the provider said of the primary profile; null for M3U. */
  report: AccountReport | null
  /** What could not be had, in words; the last good of it stays. */
  problems: string[]
}

/**
 * Fetches one source and stores its entries as its catalogue. Throws an ImportError that says what came;
 * then the last good catalogue stays.
 */
export async function importSource(options: ImportSourceOptions): Promise<Imported> {
  const { id, edge, mayWrite, generation, now } = options
  const asked = askedFor(options.source)
  const stored = await readCatalogue(edge, id)
  // What another address or filter gave is nothing to compare with, or to keep.
  const last = stored?.asked === asked ? stored : null
  const upload = new CatalogueUpload(edge, id, generation)
  const read = await readSource(options, upload)
  const entries = upload.writer.total
  if (entries === 0) throw nothingLeft(read.found)
  const lost = options.acceptShrunken
    ? []
    : lossesOf(upload.writer.entries, last, read.failedKinds, options.settings.importMaxShrink)
  for (const kind of [...read.failedKinds, ...lost.map((loss) => loss.kind)])
    await keepRecords({ edge, source: id, last, kind, upload })
  await upload.finish()
  if (!(await mayWrite())) throw new ImportError("interrupted", "another streamer imports this source by now")
  await upload.replace(read.guides, asked, now)
  await removeGenerations(edge, id, [generation, stored?.generation])
  const problems = [...read.problems, ...lost.map(({ words }) => words)]
  return { entries: upload.writer.total, report: read.report, problems }
}

interface Read {
  found: number
  guides: string[]
  report: AccountReport | null
  failedKinds: EntryKind[]
  problems: string[]
}

async function readSource(options: ImportSourceOptions, upload: CatalogueUpload): Promise<Read> {
  const { id, source, settings, lookup, onProgress, now } = options
  const { record, secret } = source
  const { writer } = upload
  const login = secret.logins.primary ?? null
  const headers = upstreamHeaders(settings, source)
  const fetch = (url: string) =>
    fetchPieces({
      ...{ url, headers, ...(lookup === undefined ? {} : { lookup }) },
      onBytes: (bytes) => onProgress(bytes, writer.total),
    })
  const common = {
    provider: { url: secret.url, login },
    wanted: wanted(record.include, record.exclude),
    kinds: kindsOf(record),
    writer,
    ready: () => upload.ready(),
  }
  if (record.type === "m3u") {
    const read = await readM3u({ ...common, pieces: fetch(secret.url), sourceName: record.name ?? id })
    return { ...read, report: null, failedKinds: [], problems: [] }
  }
  const { username = "", password = "" } = login ?? {}
  const call = (action: string | null) => {
    const query = new URLSearchParams({ username, password, ...(action === null ? {} : { action }) })
    return fetch(`${secret.url.replace(/\/+$/, "")}/player_api.php?${query}`)
  }
  return { ...(await readXtream({ ...common, fetch: call, now })), guides: [] }
}

function nothingLeft(found: number): ImportError {
  const message =
    found === 0 ? "the provider's list holds no channel" : "include and exclude leave no channel"
  return new ImportError("empty", message)
}

/**
 * The kinds whose list is suspiciously short, in words: their old entries are to stay beside the new ones. Throws
 * when it is the list of channels, for then the whole answer is not to be trusted.
 */
function lossesOf(
  entries: Readonly<Record<EntryKind, number>>,
  last: StoredCatalogue | null,
  failedKinds: readonly EntryKind[],
  maxShrink: number,
): { kind: EntryKind; words: string }[] {
  if (last === null) return []
  const lost = entryKinds.filter(
    (kind) => !failedKinds.includes(kind) && entries[kind] < last.entries[kind] * (1 - maxShrink),
  )
  return lost.map((kind) => {
    const words = `the list of ${kindWords[kind]} shrank from ${last.entries[kind]} to ${entries[kind]} entries; the old ones stay until the loss is accepted`
    if (kind === "live") throw new ImportError("shrunken", words)
    return { kind, words }
  })
}

const kindWords = { live: "channels", movie: "movies", series: "series", episode: "episodes" }

/** The generation before stays, as a publication may be reading it. */
async function removeGenerations(
  edge: EdgeClient,
  source: string,
  kept: (string | undefined)[],
): Promise<void> {
  const prefixes = kept.map((generation) => `${objects.catalogueParts(source)}${generation}/`)
  for (const key of await edge.listObjects(objects.catalogueParts(source)))
    if (!prefixes.some((prefix) => key.startsWith(prefix))) await edge.deleteObject(key)
}

/** Digest of what decides which entries a source has. */
function askedFor({ record, secret }: OpenSource): string {
  const { type, include, exclude, live, vod, series } = record
  const username = secret.logins.primary?.username
  const asked = JSON.stringify([type, secret.url, username, include, exclude, live, vod, series])
  return createHash("sha256").update(asked).digest("hex").slice(0, 16)
}

function kindsOf({ live, vod, series }: OpenSource["record"]): ReadonlySet<EntryKind> {
  return new Set([
    ...(live ? (["live"] as const) : []),
    ...(vod ? (["movie"] as const) : []),
    ...(series ? (["series", "episode"] as const) : []),
  ])
}

/** What `include` and `exclude` leave, or null for everything. */
function wanted(
  include: string | undefined,
  exclude: string | undefined,
): ((name: string, groups: readonly string[]) => boolean) | null {
  if (include === undefined && exclude === undefined) return null
  const matches = (pattern: RegExp, name: string, groups: readonly string[]) =>
    pattern.test(name) || groups.some((group) => pattern.test(group))
  const included = include === undefined ? null : new RegExp(include, "iu")
  const excluded = exclude === undefined ? null : new RegExp(exclude, "iu")
  return (name, groups) =>
    (included === null || matches(included, name, groups)) &&
    !(excluded !== null && matches(excluded, name, groups))
}
