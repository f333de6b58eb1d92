import type { Settings } from "@tributary/shared/config/settings"
import type { Logger } from "@tributary/shared/log/log"
import type { SpawnRemux } from "../../ffmpeg/remuxer.ts"
import { HttpSession } from "../../upstream/http/http-session.ts"
import { upstreamHeaders } from "../../upstream/open-feed.ts"
import { recogniseBody } from "../../upstream/recognise-body.ts"
import { untilAborted } from "../../upstream/until-aborted.ts"
import type { UpstreamFailure } from "../../upstream/upstream.ts"
import type { OpenPast, PastResult } from "../past-player.ts"
import { FormMemory } from "./form-memory.ts"
import type { PanelClocks } from "./panel-clocks.ts"
import { pastAddresses } from "./past-address.ts"
import { PlainPast } from "./plain-past.ts"
import { openSegmentedPast } from "./segmented-past.ts"

export interface PastOpenerOptions {
  clocks: Pick<PanelClocks, "zone">
  /** Unix milliseconds. */
  now: () => number
  logger: Logger
  /** `ffmpeg` unless it is given. */
  spawn?: SpawnRemux
}

/**
 * Opens the past of feeds. Where a provider may be asked in several ways they are tried in turn, each connection closed
 * before the next is opened; what a source answered is tried first from then on. A time or a feed of which no address
 * can be made is "bad_address", and logged with its reason. Its reading ends with "finished" or "ended" when the
 * provider has sent all.
 */
export function pastOpener(options: PastOpenerOptions): OpenPast {
  const { clocks, now, logger, spawn } = options
  const forms = new FormMemory()
  return async (feed, source, profile, settings, time, signal) => {
    const { id } = source.record
    const zone = await clocks.zone(id, profile)
    const moment = { ...time, now: Math.floor(now() / 1000), zone }
    const found = pastAddresses(feed, source.secret, profile, moment)
    if (!found.ok) {
      const { ok: _, ...why } = found
      logger.warn("a channel's past has no address", { source: id, feed: feed.id, profile, ...why })
      return failed({ code: "bad_address" })
    }
    const { addresses } = found
    let result = failed({ code: "bad_address" })
    for (const { form, url } of forms.ordered(id, addresses)) {
      const headers = upstreamHeaders(settings, source, feed)
      result = await openAt({ url, headers, settings, seconds: time.seconds, signal, spawn })
      if (result.ok && addresses.length > 1) forms.keep(id, addresses, form)
      if (result.ok || signal.aborted || !mayBeOtherForm(result.failure)) break
    }
    return result
  }
}

// That the provider does not know this way of asking, or has nothing there. 403 is that the account is full.
const unknownHere: ReadonlySet<number> = new Set([400, 404, 405, 410])

function mayBeOtherForm(failure: UpstreamFailure): boolean {
  return failure.code === "not_video" || (failure.code === "http_status" && unknownHere.has(failure.status))
}

interface Attempt {
  url: string
  headers: Record<string, string>
  settings: Settings
  seconds: number
  signal: AbortSignal
  spawn: SpawnRemux | undefined
}

// The playlist or the segment that is played, and the one that is loaded ahead.
const maxRequests = 2

async function openAt(attempt: Attempt): Promise<PastResult> {
  const { url, headers, settings, signal } = attempt
  if (signal.aborted) return failed({ code: "aborted" })
  if (!URL.canParse(url)) return failed({ code: "bad_address" })
  const session = new HttpSession({
    ...{ url, headers, maxRequests },
    stallMilliseconds: settings.stallTimeout * 1000,
    maxHeldBytes: settings.bufferSizePerStream,
  })
  const close = () => session.close()
  const opened = await untilAborted(signal, close, () => openAnswer(attempt, session))
  if (opened.ok) return opened
  await close()
  return signal.aborted ? failed({ code: "aborted" }) : opened
}

async function openAnswer(attempt: Attempt, session: HttpSession): Promise<PastResult> {
  const { url, settings, seconds, signal, spawn } = attempt
  const result = await session.get({ url })
  if (!result.ok) return result
  const { contentType, body, url: from } = result.answer
  const recognised = await body.recognise((start, isOver) => recogniseBody(contentType, start, isOver))
  if (!recognised.ok) return recognised
  const { kind } = recognised
  if (typeof kind === "object") return failed({ code: "not_video", what: kind.notVideo })
  // A file, whose index may be at its end.
  if (kind === "mp4") return failed({ code: "unsupported", what: "container" })
  if (kind !== "hls") return { ok: true, past: new PlainPast(session, { kind, body }, spawn) }
  // Read to its end, so that its connection is free before a segment is asked for.
  const whole = await body.all()
  if (!whole.ok) return whole
  const { hlsVariant, stallTimeout } = settings
  const options = { session, url, hlsVariant, seconds, signal, stallMilliseconds: stallTimeout * 1000 }
  return await openSegmentedPast(
    { ...options, ...(spawn === undefined ? {} : { spawn }) },
    { bytes: whole.kind, url: from },
  )
}

function failed(failure: UpstreamFailure): PastResult {
  return { ok: false, failure }
}
