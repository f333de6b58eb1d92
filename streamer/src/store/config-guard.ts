import type { RunScript } from "@tributary/shared/lease/scripts"
import type { Logger } from "@tributary/shared/log/log"
import { type ConfigCopy, copyConfig, restoreConfig } from "@tributary/shared/store/config-copy"
import type { Redis } from "@upstash/redis"

export interface ConfigGuardOptions {
  redis: Redis
  run: RunScript
  logger: Logger
}

/** Keeps a copy of the configuration, and gives it back to a store that has lost all of its data. */
export class ConfigGuard {
  readonly #options: ConfigGuardOptions
  #copy: ConfigCopy | null = null

  constructor(options: ConfigGuardOptions) {
    this.#options = options
  }

  /** Whether the configuration of this version ("0": there is none) can be read. Rejects when the store is away. */
  async follow(version: string): Promise<boolean> {
    const { redis, run, logger } = this.#options
    if (version !== "0") {
      if (this.#copy?.version !== Number(version)) this.#copy = (await copyConfig(redis)) ?? this.#copy
      return true
    }
    if (this.#copy === null) return true
    if (await restoreConfig(run, this.#copy))
      logger.warn("the store had lost its configuration; it was restored")
    return false
  }
}
