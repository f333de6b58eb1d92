import { primaryProfileId } from "@tributary/shared/config/config-file"
import type { Logger } from "@tributary/shared/log/log"
import { keys } from "@tributary/shared/store/keys"
import type { PanelClock, ProfileReport } from "@tributary/shared/store/records"
import type { Redis } from "@upstash/redis"
import { utc, type Zone, zoneOf } from "./local-time.ts"

export interface PanelClocksOptions {
  redis: Pick<Redis, "hget">
  logger: Logger
}

/** The zones of providers' wall clocks, by what their panels last said of the accounts (`reports`). */
export class PanelClocks {
  readonly #options: PanelClocksOptions
  readonly #known = new Map<string, PanelClock>()
  /** Names of zones that there are not, which were logged. */
  readonly #unknown = new Set<string>()

  constructor(options: PanelClocksOptions) {
    this.#options = options
  }

  /**
   * The zone of a profile's provider; of the source's primary profile where only that was told of. Null when it is not
   * known. While the store does not answer, what it said before counts.
   */
  async zone(source: string, profile: string): Promise<Zone | null> {
    const name = `${source}/${profile}`
    const { logger } = this.#options
    const clock = await this.#read(source, profile).catch((error: unknown) => {
      logger.warn("a provider's clock could not be read", { source, profile, error: String(error) })
      return this.#known.get(name) ?? null
    })
    if (clock === null) return null
    this.#known.set(name, clock)
    const { zone, isUnknown } = zoneOf(clock)
    const { timeZone = "" } = clock
    if (isUnknown && !this.#unknown.has(timeZone)) {
      this.#unknown.add(timeZone)
      const instead =
        zone.kind === "fixed" && zone !== utc ? `${zone.offsetMinutes} minutes ahead of UTC` : "UTC"
      logger.warn("a provider names a time zone that is not known", { source, timeZone, instead })
    }
    return zone
  }

  async #read(source: string, profile: string): Promise<PanelClock | null> {
    const { redis } = this.#options
    const names = [profile, primaryProfileId]
    const reports = await Promise.all(names.map((name) => redis.hget<string>(keys.reports(source), name)))
    for (const text of reports) {
      const clock = text === null ? undefined : (JSON.parse(text) as ProfileReport).clock
      if (clock !== undefined) return clock
    }
    return null
  }
}
