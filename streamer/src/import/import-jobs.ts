import { reportAccount } from "@tributary/shared/account/report"
import { primaryProfileId } from "@tributary/shared/config/config-file"
import type { RunScript } from "@tributary/shared/lease/scripts"
import type { Logger } from "@tributary/shared/log/log"
import type { Keys } from "@tributary/shared/secrets/keys"
import { readEdits } from "@tributary/shared/store/edits"
import { readEpg } from "@tributary/shared/store/epg"
import { guideJob, keys, objects, publishJob } from "@tributary/shared/store/keys"
import type { Redis } from "@upstash/redis"
import type { ConfigDirectory } from "../store/config-directory.ts"
import { EdgeClient } from "../store/edge-client.ts"
import { fillTemplate } from "../upstream/feed-address.ts"
import { fieldValue } from "../upstream/field-value.ts"
import { type OpenSource, upstreamHeaders } from "../upstream/open-feed.ts"
import type { StoredCatalogue } from "./catalogue/stored-catalogue.ts"
import type { GuideAddress } from "./guide/import-guides.ts"
import { StatusWriter } from "./import-status.ts"
import { type Job, type JobResult, runJob } from "./job.ts"

export interface ImportJobsOptions {
  redis: Redis
  run: RunScript
  keys: Keys
  edge: { url: string; secret: string }
  config: ConfigDirectory
  now: () => number
  logger: Logger
}

/** Of a job under a claim. */
export interface JobControl {
  /** Extends the claim; false (and the job ends) when another streamer has it by now. */
  hold: () => Promise<boolean>
  signal: AbortSignal
}

// What has nothing to wait for is due when something makes it so.
export const never = 100 * 365 * 86_400
const retryFailedSeconds = 15 * 60
const retryPublishSeconds = 30
const accountSeconds = 15 * 60
// The account is asked at the beginning of an import. Of connections that were counted longer ago it is forgotten that
// they were ours (`report.lua`), so they would be taken for somebody else's; the account watch knows better by then.
const freshMilliseconds = 20_000
const guidePrefix = guideJob("")

/** What each job does, and in how many seconds it is due again. */
export class ImportJobs {
  readonly #options: ImportJobsOptions
  readonly #edge: EdgeClient

  constructor(options: ImportJobsOptions) {
    this.#options = options
    this.#edge = new EdgeClient(options.edge.url, options.keys)
  }

  /** Throws when it was stopped, or when the store is away: the claim then runs out. */
  async run(job: string, control: JobControl): Promise<number> {
    // What made the job due may be newer than the last heartbeat.
    await this.#options.config.refresh()
    if (job === publishJob) return this.#publish(control)
    if (!job.startsWith(guidePrefix)) return this.#importSource(job, control)
    const owner = job.slice(guidePrefix.length)
    return this.#importGuides(owner === "" ? null : owner, control)
  }

  async #importSource(id: string, control: JobControl): Promise<number> {
    const { redis, run, config, now } = this.#options
    const source = await config.source(id)
    if (source === undefined || !source.record.enabled) return never
    const acceptShrunken = (await redis.hget(keys.importsAccept, id)) !== null
    const status = await StatusWriter.begin(redis, id, "fetching", now)
    const result = await this.#run(
      { kind: "source", id, source, settings: config.settings, acceptShrunken },
      control,
      status,
    )
    // Removed meanwhile: its status went with it, and must not come back.
    if (!(await redis.hexists(keys.sources, id))) return never
    if (result.kind !== "imported") return this.#failed(id, result, status)
    const { entries, report, problems } = result
    if (report !== null && now() - status.status.startedAt < freshMilliseconds)
      await reportAccount(run, { source: id, profile: primaryProfileId }, report, accountSeconds)
    if (acceptShrunken) await redis.hdel(keys.importsAccept, id)
    // Before the status says "done": whoever waits for imports and their publication sees one that is due.
    await redis.zadd(keys.importsDue, { score: 0, member: publishJob }, { score: 0, member: guideJob(id) })
    await status.end({ phase: "done", entries, keptEntries: entries, problems })
    this.#logDone("import done", id, status)
    return config.settings.importRefreshInterval
  }

  async #importGuides(owner: string | null, control: JobControl): Promise<number> {
    const { redis, config, now } = this.#options
    const job = guideJob(owner)
    const addresses = owner === null ? await this.#configuredGuides() : await this.#guidesOf(owner)
    if (addresses.length === 0) {
      const hadGuides = await redis.hexists(keys.importsStatus, job)
      await this.#edge.deleteObject(objects.guides(owner))
      // What the last one said is in the playlist's guide until the next publication.
      if (hadGuides) await redis.zadd(keys.importsDue, { score: 0, member: publishJob })
      await redis.hdel(keys.importsStatus, job)
      return never
    }
    const status = await StatusWriter.begin(redis, job, "fetching", now)
    const secret = owner === null ? undefined : (await config.source(owner))?.secret
    const provider = secret === undefined ? null : { url: secret.url, login: secret.logins.primary ?? null }
    const result = await this.#run({ kind: "guides", owner, addresses, provider }, control, status)
    if (owner !== null && !(await redis.hexists(keys.sources, owner))) return never
    if (result.kind !== "imported") return this.#failed(job, result, status)
    const { entries, problems } = result
    await redis.zadd(keys.importsDue, { score: 0, member: publishJob })
    await status.end({ phase: "done", entries, keptEntries: entries, problems })
    this.#logDone("guides imported", job, status)
    // A source's guides follow its import; those that are configured on their own have their own time.
    return owner === null ? config.settings.importRefreshInterval : never
  }

  async #publish(control: JobControl): Promise<number> {
    const { redis, config, now, logger } = this.#options
    const { groupBy, sortField, sortDirection } = config.settings
    const configured = [...config.sources.keys()]
    const sources = [...config.sources].flatMap(([id, { record }]) => (record.enabled ? [id] : []))
    const [edits, ownGuides] = await Promise.all([readEdits(redis), redis.exists(keys.epg)])
    const hasOwnGuides = ownGuides > 0
    const shaping = { groupBy, sortField, sortDirection }
    const status = await StatusWriter.begin(redis, publishJob, "grouping", now)
    const result = await this.#run(
      { kind: "publish", sources, configured, hasOwnGuides, shaping, edits },
      control,
      status,
    )
    if (result.kind === "failed") {
      const { code, message, detail } = result
      logger.error("publishing failed", { code, reason: message, detail })
      await status.end({ phase: "failed", error: { code, message } })
      return retryPublishSeconds
    }
    if (result.kind !== "published") return never
    const entries = result.channels ?? status.status.keptEntries
    await status.end({ phase: "done", entries, keptEntries: entries })
    if (result.channels !== null) this.#logDone("snapshot published", publishJob, status)
    return never
  }

  async #run(job: Job, { hold, signal }: JobControl, status: StatusWriter): Promise<JobResult> {
    const { edge } = this.#options
    const onProgress = (progress: Parameters<StatusWriter["progress"]>[0]) => status.progress(progress)
    const now = status.status.startedAt
    const result = await runJob(job, { edge, mayWrite: hold, onProgress, signal, now })
    if (signal.aborted) throw new Error("stopped")
    return result
  }

  async #failed(job: string, result: JobResult, status: StatusWriter): Promise<number> {
    const { config, logger } = this.#options
    const error = result.kind === "failed" ? { code: result.code, message: result.message } : null
    const detail = result.kind === "failed" ? result.detail : null
    logger.warn("import failed", { source: job, code: error?.code, reason: error?.message, detail })
    await status.end({ phase: "failed", error })
    return Math.min(retryFailedSeconds, config.settings.importRefreshInterval)
  }

  async #configuredGuides(): Promise<GuideAddress[]> {
    const { redis, keys: secretKeys, config } = this.#options
    const guides = await readEpg(redis, secretKeys)
    return guides.map(({ url }) => ({
      url,
      headers: { "user-agent": fieldValue(config.settings.userAgent) },
    }))
  }

  /** The guide that is configured for a source, and those that its list or panel has. */
  async #guidesOf(id: string): Promise<GuideAddress[]> {
    const { config } = this.#options
    const source = await config.source(id)
    if (source === undefined || !source.record.enabled || !source.record.live) return []
    const { epgUrl } = source.secret
    const text = await this.#edge.readObject(objects.catalogue(id))
    const named = text === null ? [] : (JSON.parse(text) as StoredCatalogue).guides
    const urls = [
      ...(epgUrl === undefined ? [] : [epgUrl]),
      ...named.map((template) => fillTemplate(template, source.secret, "primary")),
      ...panelGuide(source),
    ]
    const headers = upstreamHeaders(config.settings, source)
    return [...new Set(urls)].map((url) => ({ url, headers }))
  }

  #logDone(message: string, job: string, { status }: StatusWriter): void {
    const { startedAt, endedAt, bytes, entries } = status
    const milliseconds = (endedAt ?? startedAt) - startedAt
    this.#options.logger.info(message, { source: job, entries, bytes, milliseconds })
  }
}

/** A panel's own guide: `xmltv.php` beside its `player_api.php`. */
function panelGuide({ record, secret }: OpenSource): string[] {
  const login = secret.logins.primary
  if (record.type !== "xtream" || login === undefined) return []
  const query = new URLSearchParams({ username: login.username, password: login.password })
  return [`${secret.url.replace(/\/+$/, "")}/xmltv.php?${query}`]
}
