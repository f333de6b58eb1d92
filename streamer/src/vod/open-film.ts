import type { ClosedConnections } from "../pool/ask-again.ts"
import { feedAddress } from "../upstream/feed-address.ts"
import { upstreamHeaders } from "../upstream/open-feed.ts"
import { untilAborted } from "../upstream/until-aborted.ts"
import type { UpstreamFailure } from "../upstream/upstream.ts"
import { Film } from "./film.ts"
import type { OpenedContent, Target } from "./open-playback.ts"
import { type PartResult, RangeConnection } from "./range/range-connection.ts"
import type { RequestedRange } from "./range/requested-range.ts"

export interface OpenFilmOptions {
  closed: ClosedConnections
  onFailure: (failure: UpstreamFailure) => void
  /** Monotonic milliseconds. */
  now: () => number
  random: () => number
}

/** Opens a film at the place that is wanted first, by which its size and version are known. */
export async function openFilm(
  { closed, onFailure, now, random }: OpenFilmOptions,
  { feed, source, profile, settings }: Target,
  wanted: RequestedRange,
  signal: AbortSignal,
): Promise<OpenedContent<Film>> {
  const address = feedAddress(feed, source.secret, profile)
  if (!address.ok || !URL.canParse(address.url)) return { ok: false, failure: { code: "bad_address" } }
  if (signal.aborted) return { ok: false, failure: { code: "aborted" } }
  const connection = new RangeConnection({
    url: address.url,
    headers: upstreamHeaders(settings, source, feed),
    stallMilliseconds: settings.stallTimeout * 1000,
  })
  const asked = await untilAborted(
    signal,
    () => connection.close(),
    () => askFirst(connection, wanted),
  )
  if (!asked.ok && asked.code === "failed") {
    await connection.close()
    return { ok: false, failure: signal.aborted ? { code: "aborted" } : asked.failure }
  }
  const account = { source: feed.source, profile }
  const content = new Film({
    connection,
    version: asked.ok ? asked.part.version : asked.version,
    first: asked.ok ? asked.part : null,
    maxRetries: settings.maxRetries,
    retryDelayMilliseconds: settings.retryDelay * 1000,
    onFailure,
    onDisconnected: () => closed.noteClosed(account, false),
    mayLag: () => closed.isRecentlyClosed(account),
    ...{ now, random },
  })
  return { ok: true, content }
}

/** Some providers do not know the form `bytes=-500`; by the whole the size is known, too. */
async function askFirst(connection: RangeConnection, wanted: RequestedRange): Promise<PartResult> {
  const asked = await connection.ask(wanted, null)
  if (wanted.kind !== "suffix" || asked.ok || asked.code === "outside") return asked
  const { failure } = asked
  if (failure.code !== "http_status" || failure.status !== 416) return asked
  return await connection.ask({ kind: "whole" }, null)
}
