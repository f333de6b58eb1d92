import {
  type EpisodeRecord,
  movieDetailsSchema,
  seriesDetailsSchema,
  type TitleDetails,
  type TitleKind,
} from "@tributary/shared/catalogue/details"
import type { Feed } from "@tributary/shared/catalogue/entry"
import type { Logger } from "@tributary/shared/log/log"
import { keys, objects } from "@tributary/shared/store/keys"
import type { Redis } from "@upstash/redis"
import { ImportError } from "../import/import-error.ts"
import type { ConfigDirectory } from "../store/config-directory.ts"
import type { EdgeClient } from "../store/edge-client.ts"
import { askPanel } from "./ask-panel.ts"
import { episodeIds } from "./episode-ids.ts"
import { movieFacts, type SeriesFacts, seriesFacts } from "./normalise-details.ts"

export interface DetailsDirectoryOptions {
  edge: Pick<EdgeClient, "channel" | "readObject" | "writeObject">
  redis: Redis
  config: Pick<ConfigDirectory, "source" | "settings">
  /** Unix milliseconds. */
  now: () => number
  logger: Logger
  /** How long all panels that are asked for one title may take together; less than the edge waits. */
  patienceMilliseconds?: number
}

export type DetailsResult =
  | { ok: true; details: TitleDetails }
  /** `unknown`: there is no such title, or nobody has details of it. `failed`: its providers do not answer. */
  | { ok: false; reason: "unknown" | "failed" }

const freshMilliseconds = 24 * 60 * 60_000
// Longer than a player keeps a list of episodes before it asks again.
const episodeSeconds = 30 * 24 * 60 * 60
// The edge waits 12 s for it.
const defaultPatience = 9_000
// A panel that does not answer is not asked by every viewer anew.
const restMilliseconds = 30_000
// Of a title's feeds; the viewer waits while one after the other is asked.
const mostPanels = 3
// Of different titles at once: a player that asks for all of its list would have the account banned.
const mostAtOnce = 32
// Upstash takes requests of up to 1 MB.
const episodesPerRequest = 1_000

/** Details of movies and series: asked of the provider when a viewer wants them, and kept in R2. */
export class DetailsDirectory {
  readonly #options: DetailsDirectoryOptions
  readonly #running = new Map<string, Promise<DetailsResult>>()
  /** Source -> until when it is not asked, because it did not answer. */
  readonly #restingUntil = new Map<string, number>()

  constructor(options: DetailsDirectoryOptions) {
    this.#options = options
  }

  /**
   * A title's details, at most a day old; older ones when no provider answers. Whoever asks while they are fetched
   * shares the fetch. Rejects when the edge or the store does not answer.
   */
  find(kind: TitleKind, channel: string): Promise<DetailsResult> {
    const title = `${kind}/${channel}`
    const running = this.#running.get(title)
    if (running !== undefined) return running
    if (this.#running.size >= mostAtOnce) return Promise.resolve({ ok: false, reason: "failed" })
    const finding = this.#find(kind, channel).finally(() => this.#running.delete(title))
    this.#running.set(title, finding)
    return finding
  }

  async #find(kind: TitleKind, channel: string): Promise<DetailsResult> {
    const { edge, now } = this.#options
    const [indexed, stored] = await Promise.all([edge.channel(channel), this.#stored(kind, channel)])
    if (indexed?.kind !== kind) return { ok: false, reason: "unknown" }
    const feeds = indexed.feeds.filter(({ locator }) => locator.kind === "xtream" && locator.type === kind)
    // The source that it is from may be gone since, and its episodes with it.
    const kept = stored !== null && feeds.some(({ source }) => source === stored.source) ? stored : null
    const age = kept === null ? null : now() - kept.fetchedAt
    if (kept !== null && age !== null && age >= 0 && age < freshMilliseconds)
      return { ok: true, details: kept }
    const fetched = await this.#fetch(kind, channel, feeds.slice(0, mostPanels))
    if (fetched.ok) await this.#keep(kind, channel, fetched.details)
    return fetched.ok || kept === null ? fetched : { ok: true, details: kept }
  }

  /** Asks the panels of the feeds in turn. */
  async #fetch(kind: TitleKind, channel: string, feeds: readonly Feed[]): Promise<DetailsResult> {
    const { patienceMilliseconds = defaultPatience } = this.#options
    let reason: "unknown" | "failed" = "unknown"
    for (const feed of feeds) {
      const result = await this.#tryPanel(kind, channel, feed, patienceMilliseconds / feeds.length)
      if (result.ok) return result
      if (result.reason === "failed") reason = "failed"
    }
    return { ok: false, reason }
  }

  async #tryPanel(kind: TitleKind, channel: string, feed: Feed, patience: number): Promise<DetailsResult> {
    const { now, logger } = this.#options
    const { source } = feed
    if ((this.#restingUntil.get(source) ?? 0) > now()) return { ok: false, reason: "failed" }
    try {
      const details = await this.#ask(kind, channel, feed, patience)
      return details === null ? { ok: false, reason: "unknown" } : { ok: true, details }
    } catch (error) {
      if (!(error instanceof ImportError)) throw error
      logger.warn("details could not be fetched", { source, kind, channel, error: error.message })
      if (error.code === "unreachable") this.#restingUntil.set(source, now() + restMilliseconds)
      return { ok: false, reason: "failed" }
    }
  }

  /** null when the panel knows nothing of it. Its episodes can be played once this resolves. */
  async #ask(
    kind: TitleKind,
    channel: string,
    { source, locator }: Feed,
    patience: number,
  ): Promise<TitleDetails | null> {
    const { config, now } = this.#options
    const opened = await config.source(source)
    if (opened === undefined || locator.kind !== "xtream") return null
    const answer = await askPanel(opened, config.settings, kind, locator.streamId, patience)
    const { url, logins } = opened.secret
    const provider = { url, login: logins.primary ?? null }
    const asked = { fetchedAt: now(), source }
    if (kind === "movie") {
      const facts = movieFacts(answer, provider)
      return facts && { ...facts, ...asked }
    }
    const facts = seriesFacts(answer, provider)
    if (facts === null) return null
    return { ...facts, ...asked, episodes: await this.#keepEpisodes(channel, source, facts) }
  }

  /** Gives each episode our id, and stores what is behind it. */
  async #keepEpisodes(series: string, source: string, { name: title, episodes }: SeriesFacts) {
    const { redis } = this.#options
    const ids = episodeIds(
      series,
      source,
      episodes.map(({ panelId }) => panelId),
    )
    const idOf = (panelId: string) => ids.get(panelId) ?? ""
    for (let start = 0; start < episodes.length; start += episodesPerRequest) {
      const pipeline = redis.pipeline()
      for (const { panelId, extension, title: name } of episodes.slice(start, start + episodesPerRequest)) {
        const locator = { kind: "xtream", type: "series", streamId: panelId, extension } as const
        const record: EpisodeRecord = { source, series, name: name || title, locator }
        pipeline.set(keys.episode(idOf(panelId)), JSON.stringify(record), { ex: episodeSeconds })
      }
      await pipeline.exec()
    }
    return episodes.map(({ panelId, ...episode }) => ({ id: idOf(panelId), ...episode }))
  }

  async #stored(kind: TitleKind, channel: string): Promise<TitleDetails | null> {
    const text = await this.#options.edge.readObject(objects.details(kind, channel))
    const schema = kind === "movie" ? movieDetailsSchema : seriesDetailsSchema
    // What another version wrote counts as nothing.
    return text === null ? null : (schema.safeParse(JSON.parse(text)).data ?? null)
  }

  async #keep(kind: TitleKind, channel: string, details: TitleDetails): Promise<void> {
    const { edge, logger } = this.#options
    await edge
      .writeObject(objects.details(kind, channel), JSON.stringify(details))
      .catch((error: unknown) => {
        logger.warn("details could not be kept", { kind, channel, error: String(error) })
      })
  }
}
