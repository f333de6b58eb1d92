import { reportRefusal } from "@tributary/shared/account/report"
import { feedFailed, feedOpened } from "@tributary/shared/lease/feed-health"
import type { RunScript } from "@tributary/shared/lease/scripts"
import type { Logger } from "@tributary/shared/log/log"
import type { Ticket } from "@tributary/shared/ticket"
import type { Redis } from "@upstash/redis"
import type { ConfigDirectory } from "../store/config-directory.ts"
import type { UpstreamFailure } from "../upstream/upstream.ts"
import { blameFor } from "./blame.ts"

export interface FailureAccountsOptions {
  run: RunScript
  redis: Pick<Redis, "del" | "zrem">
  config: ConfigDirectory
  /** A provider refused a connection, so that what it says of the account is worth asking. */
  onRefusal: () => void
  logger: Logger
}

/** Keeps in mind, for all streamers, what has failed. */
export class FailureAccounts {
  readonly #options: FailureAccountsOptions

  constructor(options: FailureAccountsOptions) {
    this.#options = options
  }

  /**
   * What is not to be tried again now for this viewer or stream: feeds, or feeds with a profile (candidates.lua).
   * Null when nothing else is worth trying. `noted` resolves when a failure of the feed is counted.
   */
  async blame(
    ticket: Ticket,
    failure: UpstreamFailure,
  ): Promise<{ skip: string[]; noted: Promise<void> } | null> {
    const { run, onRefusal } = this.#options
    const { source, profile, feed, relay } = ticket
    const noted = Promise.resolve()
    // The origin may have closed just now: then the channel is to be opened here.
    if (relay !== null) return failure.code === "aborted" ? null : { skip: [], noted }
    if (failure.code === "bad_address" || failure.code === "finished") return { skip: [feed], noted }
    // What a provider has not kept says nothing of what it sends now.
    const isPast = ticket.catchup !== null
    switch (blameFor(failure)) {
      case "nobody":
        return null
      case "profile":
        // The store has to know it before it is asked for another one.
        await reportRefusal(run, { source, profile }).catch(() => undefined)
        onRefusal()
        return { skip: [], noted }
      case "server": {
        const same = await this.#onServerOf(source, profile)
        if (same !== null) return { skip: same.map((id) => `${feed}/${id}`), noted }
        return { skip: [feed], noted: isPast ? noted : this.#blameFeed(ticket) }
      }
      case "feed":
        return { skip: [feed], noted: isPast ? noted : this.#blameFeed(ticket) }
    }
  }

  /** A feed gives pictures: its failures are forgotten. */
  async forgive({ feed, channel, source }: Ticket): Promise<void> {
    const { redis, logger } = this.#options
    await feedOpened(redis, { feed, channel, source }).catch(() =>
      logger.warn("a feed's failures could not be forgotten", { channel, feed }),
    )
  }

  async #blameFeed({ channel, source, feed }: Ticket): Promise<void> {
    const { run, config, logger } = this.#options
    const { maxFailuresBeforeBlock } = config.settings
    const health = await feedFailed(run, { feed, channel, source }, maxFailuresBeforeBlock).catch(() => null)
    if (health !== null && health.blocks > 0)
      logger.warn("a feed is blocked", { channel, source, feed, ...health })
  }

  /** The profiles with the same server as this one; null when all of the source have it. */
  async #onServerOf(source: string, profile: string): Promise<string[] | null> {
    const known = await this.#options.config.source(source).catch(() => null)
    if (!known) return null
    const { url, logins } = known.secret
    const serverOf = (id: string) => logins[id]?.url ?? url
    const all = known.record.profiles.filter(({ enabled }) => enabled).map(({ id }) => id)
    const same = all.filter((id) => originOf(serverOf(id)) === originOf(serverOf(profile)))
    return same.length < all.length ? same : null
  }
}

const originOf = (url: string) => (URL.canParse(url) ? new URL(url).origin : url)
