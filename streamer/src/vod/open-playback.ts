import type { Feed, IndexedChannel } from "@tributary/shared/catalogue/entry"
import type { Settings } from "@tributary/shared/config/settings"
import type { Logger } from "@tributary/shared/log/log"
import type { Ticket } from "@tributary/shared/ticket"
import type { StreamMetrics } from "../metrics/stream-metrics.ts"
import { type AdmitAgainOptions, admitAgain } from "../pool/admit-again.ts"
import { askAgain, type ClosedConnections } from "../pool/ask-again.ts"
import type { FailureAccounts } from "../pool/failure-accounts.ts"
import type { Failure } from "../pool/obtain-result.ts"
import type { Audience, LeaseKeeper } from "../session/lease-keeper.ts"
import type { ConfigDirectory } from "../store/config-directory.ts"
import type { OpenSource } from "../upstream/open-feed.ts"
import { describeFailure, type UpstreamFailure } from "../upstream/upstream.ts"
import type { Content } from "./playback.ts"

/** What is to be opened, and with whose login. */
export interface Target {
  feed: Feed
  source: OpenSource
  profile: string
  settings: Settings
}

export type OpenedContent<Played> = { ok: true; content: Played } | { ok: false; failure: UpstreamFailure }

/** Opens what a target gives; a failure leaves nothing open. */
export type OpenContent<Played> = (target: Target, signal: AbortSignal) => Promise<OpenedContent<Played>>

export interface OpenPlaybackOptions extends AdmitAgainOptions {
  keeper: LeaseKeeper
  config: ConfigDirectory
  accounts: FailureAccounts
  closed: ClosedConnections
  /** Closes whatever runs here on a lease; resolves when its connection is gone. */
  closeLease: (lease: string) => Promise<void>
  metrics: StreamMetrics
  logger: Logger
}

export interface PlaybackOpening<Played> {
  open: OpenContent<Played>
  signal: AbortSignal
  /** A file that was played before: never another one. Null: any feed. */
  feed: string | null
  /** The lease is ours: from now on it may be lost. */
  onHeld: (lease: string) => void
  audience: () => Audience | null
}

export type OpenedPlayback<Played> = {
  ok: true
  ticket: Ticket
  content: Played
  channel: IndexedChannel
}

// Feeds and accounts that are tried for one viewer, one after the other.
const mostAttempts = 6

/**
 * Opens what a ticket names on its lease, and when that fails on what admission gives next. A failure leaves no lease
 * behind; the ticket of a result is the last one that was tried.
 */
export async function openPlayback<Played extends Content>(
  options: OpenPlaybackOptions,
  first: Ticket,
  opening: PlaybackOpening<Played>,
): Promise<(OpenedPlayback<Played> | Failure) & { ticket: Ticket }> {
  const { accounts } = options
  let ticket = first
  const skip: string[] = []
  for (let attempt = 1; ; attempt++) {
    const result = await tryTicket(options, ticket, opening)
    if (result.ok) return result
    if (result.code !== "lost" && result.code !== "upstream_failed") return { ...result, ticket }
    if (result.code === "upstream_failed") {
      const failed = await accounts.blame(ticket, result.failure)
      if (failed === null) return { ...result, ticket }
      await failed.noted
      skip.push(...failed.skip)
    }
    const failure: Failure = result.code === "lost" ? { ok: false, code: "store_unavailable" } : result
    if (attempt === mostAttempts || opening.signal.aborted) return { ...failure, ticket }
    const again = await admitToSame(options, ticket, opening.feed, skip)
    if (again.ok) ticket = again.ticket
    // That nothing else could be opened is no news beside why the feed failed.
    else return { ...(skip.length > 0 && again.code === "refused" ? failure : again), ticket }
  }
}

/** Admits anew: to this feed only, where one is given. */
export async function admitToSame(
  options: AdmitAgainOptions,
  ticket: Ticket,
  feed: string | null,
  skip: readonly string[] = [],
): Promise<{ ok: true; ticket: Ticket } | Failure> {
  if (feed === null) return await admitAgain(options, ticket, skip)
  const channel = await options.findChannel(ticket.channel).catch(() => undefined)
  if (channel === undefined) return { ok: false, code: "store_unavailable" }
  const others = channel?.feeds.filter(({ id }) => id !== feed).map(({ id }) => id) ?? []
  return await admitAgain(options, ticket, [...others, ...skip])
}

async function tryTicket<Played extends Content>(
  options: OpenPlaybackOptions,
  ticket: Ticket,
  { open, signal, onHeld, audience }: PlaybackOpening<Played>,
): Promise<OpenedPlayback<Played> | Failure | { ok: false; code: "lost" }> {
  const { keeper, findChannel, config, closed, closeLease, metrics, logger } = options
  const { lease, source: sourceId, profile, key, feed: feedId, yielded, session, viewer } = ticket
  if (lease === "") return { ok: false, code: "lost" }
  // Both are asked at the same time: the player waits.
  const asked = findChannel(ticket.channel).catch(() => undefined)
  if (yielded !== null) await closeLease(yielded)
  const holder = { lease, source: sourceId, profile, key, feed: feedId, yielded, audience }
  const standing = await keeper.hold(holder, { session, viewer })
  if (standing === "unknown") return { ok: false, code: "store_unavailable" }
  // What another streamer holds is not relayed: admission says where it is.
  if (standing !== "held") return { ok: false, code: "lost" }
  onHeld(lease)
  const channel = await asked
  const feed = channel?.feeds.find(({ id }) => id === feedId)
  const source = feed && (await config.source(feed.source).catch(() => null))
  let failure: Failure
  if (channel === undefined || source === null) failure = { ok: false, code: "store_unavailable" }
  else if (!channel || !feed || !source) failure = { ok: false, code: "unknown_channel" }
  else {
    const target = { feed, source, profile, settings: config.settings }
    const ids = { channel: ticket.channel, lease, source: sourceId, feed: feedId, profile }
    const opened = await askAgain(
      () => open(target, signal),
      (result) => (result.ok ? null : result.failure),
      { mayLag: () => yielded !== null || closed.isRecentlyClosed({ source: sourceId, profile }), signal },
    )
    if (opened.ok && !signal.aborted) {
      logger.info("playback opened", ids)
      return { ok: true, ticket, content: opened.content, channel }
    }
    // The lease was lost, or everyone left, in the last moment.
    if (opened.ok) {
      await opened.content.close()
      closed.noteClosed({ source: sourceId, profile }, false)
    }
    const reason: UpstreamFailure = opened.ok ? { code: "aborted" } : opened.failure
    metrics.streamFailed({ key, source: sourceId, code: reason.code })
    logger.warn("playback failed to open", { ...ids, failure: describeFailure(reason) })
    failure = { ok: false, code: "upstream_failed", failure: reason }
  }
  await keeper.release(lease)
  return failure
}
