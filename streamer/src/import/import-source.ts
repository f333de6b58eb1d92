import type { Entry } from "@tributary/shared/catalogue/entry"
import type { Settings } from "@tributary/shared/config/settings"
import { objects } from "@tributary/shared/store/keys"
import type { ProfileReport } from "@tributary/shared/store/records"
import type { EdgeClient } from "../store/edge-client.ts"
import { type OpenSource, upstreamHeaders } from "../upstream/open-feed.ts"
import { concealProvider } from "./catalogue/conceal-provider.ts"
import { fetchPieces, fetchText } from "./fetch/fetch-text.ts"
import { ImportError } from "./import-error.ts"
import { linesOf } from "./m3u/lines.ts"
import { parseM3u } from "./m3u/parse-m3u.ts"
import { readAccount, readLiveEntries } from "./xtream/fetch-xtream.ts"

export interface ImportSourceOptions {
  id: string
  source: OpenSource
  settings: Settings
  edge: EdgeClient
  /** Entries of the last good import. */
  keptEntries: number
  onBytes: (bytes: number) => void
  /** Asked right before the catalogue is replaced: false when another streamer imports the source by now. */
  mayWrite: () => Promise<boolean>
  now: number
}

export interface Imported {
  entries: number
  /** What the provider said of the primary profile; null for M3U. */
  report: ProfileReport | null
}

// A source that loses more than this share at once is more likely broken than changed.
const maxShrink = 0.5

/**
 * Fetches one source and stores its entries as its catalogue. Throws an ImportError that says what came;
 * then the last good catalogue stays.
 */
export async function importSource(options: ImportSourceOptions): Promise<Imported> {
  const { id, source, edge, keptEntries, mayWrite } = options
  const { entries: all, report } =
    source.record.type === "xtream" ? await fetchXtream(options) : await fetchM3u(options)
  const provider = { url: source.secret.url, login: source.secret.logins.primary ?? null }
  const entries = all
    .filter(wanted(source.record.include, source.record.exclude))
    .map((entry) => concealProvider(entry, provider))
  if (entries.length === 0)
    throw new ImportError(
      "empty",
      all.length === 0 ? "the provider's list holds no channel" : "include and exclude leave no channel",
    )
  if (entries.length < keptEntries * (1 - maxShrink))
    throw new ImportError(
      "shrunken",
      `the list shrank from ${keptEntries} to ${entries.length} entries; the old ones stay`,
    )
  if (!(await mayWrite())) throw new ImportError("interrupted", "another streamer imports this source by now")
  await edge.writeObject(objects.catalogue(id), entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""))
  return { entries: entries.length, report }
}

async function fetchM3u(options: ImportSourceOptions): Promise<{ entries: Entry[]; report: null }> {
  const { source, settings, onBytes } = options
  const { url, logins } = source.secret
  const lines = linesOf(fetchPieces({ url, headers: upstreamHeaders(settings, source), onBytes }))
  const entries: Entry[] = []
  for await (const entry of parseM3u(lines, { url, login: logins.primary ?? null })) entries.push(entry)
  return { entries, report: null }
}

async function fetchXtream(options: ImportSourceOptions) {
  const { source, settings, onBytes, now } = options
  const { url, logins } = source.secret
  const { username = "", password = "" } = logins.primary ?? {}
  const headers = upstreamHeaders(settings, source)
  const call = (action: string | null) => {
    const query = new URLSearchParams({ username, password, ...(action === null ? {} : { action }) })
    return fetchText({ url: `${url.replace(/\/+$/, "")}/player_api.php?${query}`, headers, onBytes })
  }
  const report = await readAccount({ call }, now)
  return { entries: source.record.live ? await readLiveEntries({ call }) : [], report }
}

function wanted(include: string | undefined, exclude: string | undefined): (entry: Entry) => boolean {
  const matches = (pattern: RegExp, { name, groups }: Entry) =>
    pattern.test(name) || groups.some((group) => pattern.test(group))
  const included = include === undefined ? null : new RegExp(include, "iu")
  const excluded = exclude === undefined ? null : new RegExp(exclude, "iu")
  return (entry) =>
    (included === null || matches(included, entry)) && !(excluded !== null && matches(excluded, entry))
}
