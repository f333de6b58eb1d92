import type { Settings } from "@tributary/shared/config/settings"
import type { SpawnRemux } from "../ffmpeg/remuxer.ts"
import type { Clock } from "./hls/clock.ts"
import { openHls } from "./hls/open-hls.ts"
import { type HttpAnswer, HttpSession } from "./http/http-session.ts"
import type { UpstreamRequest } from "./open-http.ts"
import { openRemuxed } from "./open-remuxed.ts"
import { recogniseBody } from "./recognise-body.ts"
import { untilAborted } from "./until-aborted.ts"
import type { OpenUpstream } from "./upstream.ts"

export interface StreamRequest extends UpstreamRequest {
  hlsVariant: Settings["hlsVariant"]
  /** Of what comes before it is read: a segment ahead, or a playlist. */
  maxHeldBytes: number
  /** Of HLS. */
  clock?: Clock
  spawn?: SpawnRemux
}

// The playlist or the segment that is played, and the one that is loaded ahead.
const maxRequests = 2

/** Opens whatever is at an address, as MPEG-TS; what is not video is recognised by its first bytes. */
export async function openStream(target: StreamRequest): Promise<OpenUpstream> {
  const { url, signal } = target
  if (signal.aborted) return { ok: false, failure: { code: "aborted" } }
  if (!URL.canParse(url)) return { ok: false, failure: { code: "bad_address" } }
  const session = new HttpSession({ ...target, maxRequests })
  const close = () => session.close()
  const opened = await untilAborted(signal, close, async () => {
    const result = await session.get({ url })
    return result.ok ? await openAnswer(target, session, result.answer) : result
  })
  if (!opened.ok) await close()
  return !opened.ok && signal.aborted ? { ok: false, failure: { code: "aborted" } } : opened
}

async function openAnswer(
  target: StreamRequest,
  session: HttpSession,
  { contentType, url, body }: HttpAnswer,
): Promise<OpenUpstream> {
  const recognised = await body.recognise((start, isOver) => recogniseBody(contentType, start, isOver))
  if (!recognised.ok) return recognised
  const { kind } = recognised
  if (typeof kind === "object") return { ok: false, failure: { code: "not_video", what: kind.notVideo } }
  const close = () => session.close()
  if (kind === "mpegts") return { ok: true, upstream: { close, read: (onChunk) => body.read(onChunk) } }
  if (kind === "hls") {
    // Read to its end, so that its connection is free before a segment is asked for.
    const whole = await body.all()
    return whole.ok ? await openHls({ ...target, session }, { bytes: whole.kind, url }) : whole
  }
  // A file, whose index may be at its end.
  if (kind === "mp4") return { ok: false, failure: { code: "unsupported", what: "container" } }
  return { ok: true, upstream: openRemuxed(session, body, kind, target.spawn) }
}
