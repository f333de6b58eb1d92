import { randomUUID } from "node:crypto"
import type { ChannelEdit } from "@tributary/shared/catalogue/edit"
import type { IndexedChannel } from "@tributary/shared/catalogue/entry"
import { type AdmissionRequest, admit, isAdmitted } from "@tributary/shared/lease/admit"
import type { RunScript } from "@tributary/shared/lease/scripts"
import type { Logger } from "@tributary/shared/log/log"
import { hashFields } from "@tributary/shared/store/hash-fields"
import { keys } from "@tributary/shared/store/keys"
import type { LiveRecord } from "@tributary/shared/store/records"
import { ticketFrom } from "@tributary/shared/ticket"
import type { Redis } from "@upstash/redis"
import type { StreamPool } from "./stream-pool.ts"

export interface AlwaysOnOptions {
  redis: Redis
  run: RunScript
  streamer: string
  pool: Pick<StreamPool, "streams" | "obtain">
  findChannel: (id: string) => Promise<IndexedChannel | null>
  /** Monotonic milliseconds. */
  now: () => number
  logger: Logger
}

// In the place of a network address, of which none has this form.
const nobody = "always-on"
// A streamer that dies is forgotten within half of this.
const checkMilliseconds = 30_000
const firstPauseMilliseconds = 5_000
const longestPauseMilliseconds = 5 * 60_000

/**
 * Keeps the channels that are always on running, each on one streamer of all: on the one that has it already, else on
 * the first to ask. `look` is called with each heartbeat.
 */
export class AlwaysOn {
  readonly #options: AlwaysOnOptions
  #version: string | null = null
  #channels: ReadonlySet<string> = new Set()
  #looking: Promise<void> | null = null
  /** Channels that did not open, and when they are tried again. */
  readonly #pauses = new Map<string, { untilMs: number; milliseconds: number }>()
  readonly #closing = new AbortController()

  constructor(options: AlwaysOnOptions) {
    this.#options = options
  }

  /** One look at a time; rejects never. `configVersion` is that of the heartbeat. */
  look(configVersion: string): Promise<void> {
    this.#looking ??= this.#look(configVersion)
      .catch((error: unknown) =>
        this.#options.logger.warn("always-on channels could not be looked at", { error: String(error) }),
      )
      .finally(() => {
        this.#looking = null
      })
    return this.#looking
  }

  /** Opens nothing more; resolves when nothing is being opened. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#looking
  }

  async #look(configVersion: string): Promise<void> {
    if (this.#closing.signal.aborted) return
    if (configVersion !== this.#version) {
      this.#channels = await this.#read()
      this.#version = configVersion
    }
    const { pool, streamer } = this.#options
    for (const stream of pool.streams.values()) {
      const isHere = stream.key === stream.channel && stream.connection.relay === null
      if (this.#channels.has(stream.channel) && isHere)
        stream.keep(`${nobody}/${stream.channel}/${streamer}/0`)
      else stream.endKeeping()
    }
    const missing = [...this.#channels].filter(
      (channel) => !pool.streams.has(channel) && !this.#isPausing(channel),
    )
    if (missing.length === 0) return
    const elsewhere = await this.#elsewhere(missing)
    const due = missing.map((channel) =>
      elsewhere.has(channel) ? this.#check(channel) : this.#open(channel),
    )
    await Promise.all(due)
  }

  async #read(): Promise<Set<string>> {
    const edits = hashFields(await this.#options.redis.hgetall(keys.edits))
    const marked = [...edits].filter(([, text]) => (JSON.parse(text) as ChannelEdit).alwaysOn === true)
    return new Set(marked.map(([channel]) => channel))
  }

  /** Those that the store has down for another streamer, which may have died since. */
  async #elsewhere(channels: string[]): Promise<Set<string>> {
    const { redis, streamer } = this.#options
    const records = (await redis.hmget(keys.live, ...channels)) as unknown as (string | null)[]
    return new Set(
      channels.filter((_, at) => {
        const text = records[at] ?? null
        return text !== null && (JSON.parse(text) as LiveRecord).streamer !== streamer
      }),
    )
  }

  /** Opens what another streamer had, and does not have any more. */
  async #check(id: string): Promise<void> {
    this.#pauses.set(id, {
      untilMs: this.#options.now() + checkMilliseconds,
      milliseconds: checkMilliseconds,
    })
    const channel = await this.#options.findChannel(id)
    if (channel === null) return
    const admission = await admit(this.#options.run, { ...this.#request(id, channel), dry: true })
    if (admission.code === "open") await this.#open(id)
  }

  async #open(id: string): Promise<void> {
    const { run, streamer, pool, findChannel, logger } = this.#options
    const channel = await findChannel(id)
    // Hidden, or gone from its source: it may come back.
    if (channel === null || channel.kind !== undefined) return this.#pause(id)
    const admission = await admit(run, this.#request(id, channel))
    if (!isAdmitted(admission)) {
      logger.info("an always-on channel has no room", { channel: id, code: admission.code })
      return this.#pause(id)
    }
    if (admission.streamer !== streamer || admission.relay !== null) return
    const left = this.#closing.signal
    const result = await pool.obtain(ticketFrom(admission, id), { isFresh: true, left })
    if (!result.ok) return this.#pause(id)
    this.#pauses.delete(id)
    result.stream.keep(result.ticket.session)
    logger.info("an always-on channel runs", { channel: id })
  }

  #request(channelId: string, channel: IndexedChannel): AdmissionRequest {
    return {
      ...{ lease: randomUUID(), session: randomUUID(), viewer: null, unattended: true },
      ...{ address: nobody, addressKnown: false, channelId, channel, region: "" },
      ...{ prefer: this.#options.streamer, takeOver: false },
    }
  }

  #isPausing(channel: string): boolean {
    return (this.#pauses.get(channel)?.untilMs ?? 0) > this.#options.now()
  }

  #pause(channel: string): void {
    const last = this.#pauses.get(channel)?.milliseconds ?? firstPauseMilliseconds / 2
    const milliseconds = Math.min(2 * last, longestPauseMilliseconds)
    this.#pauses.set(channel, { untilMs: this.#options.now() + milliseconds, milliseconds })
  }
}
