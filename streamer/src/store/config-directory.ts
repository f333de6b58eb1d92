import type { Settings } from "@tributary/shared/config/settings"
import type { Keys } from "@tributary/shared/secrets/keys"
import { readSettings, readSourceRecords, unsealSource } from "@tributary/shared/store/read-config"
import { readTranscodeProfiles } from "@tributary/shared/store/transcode-profiles"
import type { TranscodeProfile } from "@tributary/shared/transcode/transcode-profile"
import type { Redis } from "@upstash/redis"
import type { OpenSource } from "../upstream/open-feed.ts"

/** Sources (with secrets), transcode profiles and settings as the store has them; read again when its version changes. */
export class ConfigDirectory {
  readonly #redis: Redis
  readonly #keys: Keys
  #version: string | null = null
  #sources = new Map<string, OpenSource>()
  #transcodeProfiles = new Map<string, TranscodeProfile>()
  #settings: Settings
  #reads = 0
  #newestRead = 0

  private constructor(redis: Redis, keys: Keys, settings: Settings) {
    this.#redis = redis
    this.#keys = keys
    this.#settings = settings
  }

  /** Rejects when the store cannot be reached or holds settings that are not valid. */
  static async open(redis: Redis, keys: Keys): Promise<ConfigDirectory> {
    const directory = new ConfigDirectory(redis, keys, await readSettings(redis))
    await directory.#read()
    return directory
  }

  get settings(): Settings {
    return this.#settings
  }

  get sources(): ReadonlyMap<string, OpenSource> {
    return this.#sources
  }

  /** Reads everything again when `version` is not the one that was read last. */
  async follow(version: string): Promise<void> {
    if (version === this.#version) return
    await this.#read()
    this.#version = version
  }

  /** Reads everything again, whatever version was read last. */
  refresh(): Promise<void> {
    return this.#read()
  }

  /** The source, read anew when it is not known yet: a ticket may be younger than the last heartbeat. */
  async source(id: string): Promise<OpenSource | undefined> {
    if (!this.#sources.has(id)) await this.#read()
    return this.#sources.get(id)
  }

  /** The transcode profile with its words checked, read anew when it is not known yet, as a source is. */
  async transcodeProfile(id: string): Promise<TranscodeProfile | undefined> {
    if (!this.#transcodeProfiles.has(id)) await this.#read()
    return this.#transcodeProfiles.get(id)
  }

  async #read(): Promise<void> {
    const number = ++this.#reads
    const [settings, records, transcodeProfiles] = await Promise.all([
      readSettings(this.#redis),
      readSourceRecords(this.#redis),
      readTranscodeProfiles(this.#redis),
    ])
    const opened = await Promise.all(
      [...records].map(
        async ([id, record]) => [id, { record, secret: await unsealSource(this.#keys, record) }] as const,
      ),
    )
    // Reads overtake each other: an older one must not bring back what a newer one saw gone.
    if (number < this.#newestRead) return
    this.#newestRead = number
    this.#settings = settings
    this.#transcodeProfiles = transcodeProfiles
    this.#sources = new Map(opened)
  }
}
