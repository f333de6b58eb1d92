import { Readable } from "node:stream"
import { entryKinds } from "@tributary/shared/catalogue/entry"
import type { Settings } from "@tributary/shared/config/settings"
import { RecordWriter } from "../import/catalogue/record-writer.ts"
import { ImportError } from "../import/import-error.ts"
import { headBytes } from "../import/m3u/playlist-head.ts"
import { readM3u } from "../import/m3u/read-m3u.ts"
import { type OpenSource, upstreamHeaders } from "../upstream/open-feed.ts"
import { type AccountFailure, type Asking, fromFailure, otherServer } from "./ask-account.ts"
import { fetchStart } from "./fetch-start.ts"

/** The beginning of a channel list. */
export interface ListStart {
  ok: true
  /** As many as were read of it. */
  bytes: number
  /** It is the whole list. */
  isWhole: boolean
  /** In what was read. */
  entries: number
  /** The first entries' names; none of a list that is one channel's HLS stream itself. */
  names: string[]
}

const mostNames = 3

/**
 * Fetches the beginning of a list, as panels make lists of many megabytes, and reads it by the import's own rules. Rejects only when
 * the signal aborts it.
 */
export async function readListStart(
  source: OpenSource,
  url: string,
  settings: Settings,
  { patienceMilliseconds, signal }: Asking,
  whenRefused: "wrong_password" | "wrong_server",
): Promise<ListStart | AccountFailure> {
  const headers = upstreamHeaders(settings, source)
  const fetched = await fetchStart({ url, headers, maxBytes: headBytes, patienceMilliseconds, signal })
  if (!fetched.ok) return fromFailure(fetched.failure, whenRefused)
  const { bytes, isWhole } = fetched
  const names: string[] = []
  try {
    const { found } = await readM3u({
      pieces: Readable.from([bytes]),
      provider: { url: "http://localhost/", login: null },
      wanted: (name) => {
        if (names.length < mostNames && name !== "") names.push(name)
        return false
      },
      kinds: new Set(entryKinds),
      sourceName: "",
      writer: new RecordWriter(() => undefined, headBytes),
      ready: async () => undefined,
    })
    return { ok: true, bytes: bytes.length, isWhole, entries: found, names }
  } catch (error) {
    if (!(error instanceof ImportError)) throw error
    return otherServer(error.message)
  }
}
