import type { Logger } from "@tributary/shared/log/log"
import type { Ticket } from "@tributary/shared/ticket"
import type { HlsOutput } from "../hls/hls-output.ts"
import type { HlsOutputs } from "../hls/hls-outputs.ts"
import type { StreamMetrics } from "../metrics/stream-metrics.ts"
import type { LiveStream } from "../pool/live-stream.ts"
import type { Failure } from "../pool/obtain-result.ts"
import { Opening } from "../pool/opening.ts"
import type { ObtainOptions, StreamPool } from "../pool/stream-pool.ts"
import { HlsSession } from "./hls-session.ts"
import type { LeaseKeeper } from "./lease-keeper.ts"
import { leaveStream } from "./leave-stream.ts"
import { fullOfViewers, type LiveOutput, type LiveOutputs } from "./live-outputs.ts"
import type { SessionDirectory } from "./session-directory.ts"

export interface PlayHlsOptions {
  pool: Pick<StreamPool, "obtain">
  keeper: LeaseKeeper
  sessions: SessionDirectory
  metrics: StreamMetrics
  outputs: Pick<LiveOutputs, "of" | "plain">
  hls: HlsOutputs
  /** Monotonic milliseconds. */
  monotonic: () => number
  logger: Logger
}

/** A session, and the segments that it is given. */
export interface HlsPlay {
  session: HlsSession
  output: HlsOutput
}

export type HlsResult =
  | { ok: true; play: HlsPlay }
  | { ok: false; code: "not_obtained"; failure: Failure }
  /** Each who waited for it answers with a clone. */
  | { ok: false; code: "not_played"; response: Response }
  /** The stream closed just now. */
  | { ok: false; code: "closed" }

/** What is asked for: a ticket's channel, as it comes or by a transcode profile. */
export interface HlsWanted {
  ticket: Ticket
  transcode: string | null
}

/** The sessions of those who watch by HLS: for each ticket's session, one for each quality that it plays. */
export class HlsPlayer {
  readonly #options: PlayHlsOptions
  readonly #plays = new Map<string, HlsPlay>()
  readonly #opening = new Map<string, Opening<HlsResult>>()

  constructor(options: PlayHlsOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#plays.size
  }

  /** What plays already; null when nothing does. */
  find(wanted: HlsWanted): HlsPlay | null {
    const play = this.#plays.get(idOf(wanted))
    return play?.session.isOpen ? play : null
  }

  /** What plays, or is opened now: once for all who ask meanwhile, unless they all leave. */
  async obtain(wanted: HlsWanted, { isFresh, left }: ObtainOptions): Promise<HlsResult> {
    const id = idOf(wanted)
    for (;;) {
      const play = this.find(wanted)
      if (play !== null) return { ok: true, play }
      const known = this.#opening.get(id)
      const result = await (known ?? this.#start(id, wanted, isFresh)).wait(left)
      // Those who waited may all have gone just before this one came.
      const wasGivenUp = !result.ok && known?.signal.aborted === true && !left.aborted
      if (!wasGivenUp) return result
    }
  }

  #start(id: string, wanted: HlsWanted, isFresh: boolean): Opening<HlsResult> {
    const opening = new Opening<HlsResult>(({ signal }) =>
      this.#open(id, wanted, { isFresh, left: signal }).finally(() => this.#opening.delete(id)),
    )
    this.#opening.set(id, opening)
    return opening
  }

  async #open(id: string, { ticket, transcode }: HlsWanted, options: ObtainOptions): Promise<HlsResult> {
    const { pool, keeper, sessions, outputs, metrics, monotonic } = this.#options
    const requestedAt = monotonic()
    const obtained = await pool.obtain(ticket, options)
    if (!obtained.ok) return { ok: false, code: "not_obtained", failure: obtained }
    const { stream } = obtained
    // Another one when the viewer was admitted anew.
    const { viewer, session: member, relayTo } = obtained.ticket
    if (!stream.isOpen) return { ok: false, code: "closed" }
    let hls: HlsOutput | null = null
    let how: "opened" | "joined" = "opened"
    const output = transcode === null ? "hls" : "hls-transcode"
    const session = new HlsSession(
      () => hls?.targetSeconds ?? null,
      () => metrics.firstBytes({ output, how }, monotonic() - requestedAt),
    )
    const opened = session.begin()
    keeper.sessions.enter({ viewer, member })
    sessions.add(member, session)
    // Before there is a transcode, so that the stream is not idle while one begins.
    stream.attend(session, { session: member, viewer, isRelay: relayTo !== null, requestedAt })
    void this.#untilEnd(session, { viewer, member, transcode }, stream)
    const made =
      transcode === null
        ? { ok: true as const, output: outputs.plain(stream) }
        : await outputs.of(stream, transcode, "past").catch((error: unknown) => {
            session.destroy("refused")
            throw error
          })
    const isTaken = made.ok && made.output.attend(session)
    if (made.ok && isTaken) {
      hls = this.#play(id, session, made.output, stream)
      // There are segments already.
      if (hls.targetSeconds !== null) how = "joined"
    } else session.destroy("refused")
    opened()
    if (!made.ok) return { ok: false, code: "not_played", response: made.response }
    if (!isTaken) return { ok: false, code: "not_played", response: fullOfViewers() }
    return hls?.isOpen ? { ok: true, play: { session, output: hls } } : { ok: false, code: "closed" }
  }

  #play(id: string, session: HlsSession, live: LiveOutput, stream: LiveStream): HlsOutput {
    const { hls } = this.#options
    // The discontinuities of a live stream are not those of its transcodes, in which ffmpeg goes on.
    const name = live.source === stream ? stream.key : `${stream.key} transcoded`
    const output = hls.take(live.key, live.source, { name, live: stream })
    const play = { session, output }
    this.#plays.set(id, play)
    void output.closed.then(() => session.destroy())
    void session.ended.then(() => {
      if (this.#plays.get(id) === play) this.#plays.delete(id)
      hls.release(live.key, output)
      live.leave(session)
    })
    return output
  }

  async #untilEnd(
    session: HlsSession,
    of: { viewer: string | null; member: string; transcode: string | null },
    stream: LiveStream,
  ): Promise<void> {
    const { keeper, sessions, metrics, logger } = this.#options
    const { viewer, member, transcode } = of
    const how = await session.ended
    sessions.remove(member, session)
    stream.leave(session)
    metrics.viewerLeft(how)
    const { channel } = stream
    const { bytesSent: bytes } = session
    logger.info("session ended", { channel, transcode, viewer, session: member, how, bytes })
    await leaveStream(keeper, stream, { viewer, member })
  }
}

const idOf = ({ ticket, transcode }: HlsWanted) => `${ticket.session} ${transcode ?? ""}`
