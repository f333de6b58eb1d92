import type { TitleKind } from "@tributary/shared/catalogue/details"
import type { Settings } from "@tributary/shared/config/settings"
import { fetchPieces } from "../import/fetch/fetch-pieces.ts"
import { ImportError } from "../import/import-error.ts"
import { type OpenSource, upstreamHeaders } from "../upstream/open-feed.ts"

// A series of 2,000 episodes takes 2 MB.
const maxBytes = 4 * 1024 * 1024

const questions = {
  movie: { action: "get_vod_info", parameter: "vod_id" },
  series: { action: "get_series_info", parameter: "series_id" },
} as const

/**
 * What the panel of a source answers to the question for a title's details, with the primary profile's login.
 * Throws an ImportError that says what came instead of JSON.
 */
export async function askPanel(
  source: OpenSource,
  settings: Settings,
  kind: TitleKind,
  streamId: string,
  patienceMilliseconds: number,
): Promise<unknown> {
  const { url, logins } = source.secret
  if (logins.primary === undefined) throw new ImportError("login_failed", "the source has no login")
  const { username, password } = logins.primary
  const { action, parameter } = questions[kind]
  const query = new URLSearchParams({ username, password, action, [parameter]: streamId })
  const base = url.replace(/\/+$/, "")
  const pieces: Buffer[] = []
  const headers = upstreamHeaders(settings, source)
  const limits = { wholeMilliseconds: patienceMilliseconds, maxBytes }
  const fetched = fetchPieces({
    url: `${base}/player_api.php?${query}`,
    headers,
    onBytes: () => undefined,
    limits,
  })
  for await (const piece of fetched) pieces.push(piece)
  const answer = parsed(Buffer.concat(pieces).toString())
  // Refused, or the answer of a panel that does not know the action.
  if (typeof answer === "object" && answer !== null && "user_info" in answer)
    throw new ImportError("not_xtream", "the server answered with a login instead of details")
  return answer
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ImportError("not_xtream", "the server's answer is not Xtream's")
  }
}
