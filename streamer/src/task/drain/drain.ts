import type { Logger } from "@tributary/shared/log/log"
import type { Ticket } from "@tributary/shared/ticket"
import type { LiveStream, Watching } from "../../pool/live-stream.ts"
import type { StreamPool } from "../../pool/stream-pool.ts"
import type { LeaseKeeper } from "../../session/lease-keeper.ts"
import type { SessionDirectory } from "../../session/session-directory.ts"
import { relayingStreamer } from "../../upstream/open-relay.ts"
import type { Vod } from "../../vod/vod.ts"
import { chooseNeighbour } from "./choose-neighbour.ts"
import { type Neighbour, Neighbours, type NeighboursOptions } from "./neighbours.ts"
import { nextStep } from "./next-step.ts"

export interface DrainOptions {
  streamer: string
  region: string
  pool: Pick<StreamPool, "streams" | "viewers" | "isBusy">
  vod: Pick<Vod, "size" | "reports">
  keeper: Pick<LeaseKeeper, "beat" | "sessions" | "storeNow">
  sessions: SessionDirectory
  neighbours: Pick<NeighboursOptions, "redis" | "address">
  /** Nothing is to be begun here any more that nobody asked for. */
  onBegin: () => void
  /** Monotonic milliseconds. */
  monotonic: () => number
  logger: Logger
}

interface HandOver {
  since: number
  /** When its last own viewer was seen; null while there was none. */
  seenAt: number | null
}

const lookMilliseconds = 500
// Players come again at once: the others' streamers are not to open everything in one moment.
const mostAskedAtOnce = 100

/**
 * Takes nobody new and hands over who is here: live viewers come again and are sent to other streamers, and who relays
 * from here takes the connection over. Films and catch-up play on until they end. Without another streamer that takes
 * viewers, everything goes on here.
 */
export class Drain {
  readonly #options: DrainOptions
  readonly #neighbours: Neighbours
  readonly #handOvers = new WeakMap<LiveStream, HandOver>()
  readonly #asked = new WeakSet<Watching>()
  /** By the key of a live stream: all of its viewers go to one streamer. */
  readonly #destinations = new Map<string, string>()
  readonly #empty = Promise.withResolvers<void>()
  #timer: NodeJS.Timeout | null = null
  #looking: Promise<void> | null = null

  constructor(options: DrainOptions) {
    this.#options = options
    const { streamer, keeper, neighbours, monotonic } = options
    this.#neighbours = new Neighbours({
      ...neighbours,
      streamer,
      storeNow: () => keeper.storeNow(),
      monotonic,
    })
  }

  get isDraining(): boolean {
    return this.#timer !== null
  }

  /** Nothing plays here, or is about to. */
  get isEmpty(): boolean {
    const { pool, vod } = this.#options
    return pool.streams.size === 0 && !pool.isBusy && vod.size === 0
  }

  /** Drains from now on; resolves, for every caller, when nothing plays here any more. It never ends draining. */
  async begin(why: string): Promise<void> {
    if (this.#timer === null) {
      const { keeper, onBegin, logger } = this.#options
      logger.info("draining", { why })
      this.#timer = setInterval(() => void this.look(), lookMilliseconds).unref()
      onBegin()
      // From here on nobody is sent here.
      await keeper.beat()
      void this.look()
    }
    await this.#empty.promise
  }

  /** Whether what a ticket names is played here for its session, so that it goes on here. */
  plays({ key, session, catchup }: Ticket): boolean {
    const { sessions, vod, pool } = this.#options
    const isLive = catchup === null && pool.streams.has(key)
    return isLive
      ? sessions.has(session)
      : vod.reports().some(({ id, state }) => id === key && state !== "closing")
  }

  /** Who takes the viewers of a live stream or film; null when nobody does. */
  async destination(key: string): Promise<Neighbour | null> {
    const { region, pool } = this.#options
    const stream = pool.streams.get(key)
    const relays = [...(stream?.viewers.values() ?? [])].flatMap(({ session, isRelay }) =>
      isRelay ? (relayingStreamer(session) ?? []) : [],
    )
    const known = [stream?.connection.relay ?? null, this.#destinations.get(key) ?? null, ...relays]
    const prefer = known.filter((id) => id !== null)
    const chosen = chooseNeighbour(await this.#neighbours.list(), { prefer, region })
    if (chosen !== null) this.#destinations.set(key, chosen.id)
    return chosen
  }

  /** Its session goes on where the player is sent. */
  handOver({ session }: Ticket): void {
    this.#options.keeper.sessions.handOver(session)
  }

  /** Goes on with handing over; by itself every half second. */
  look(): Promise<void> {
    this.#looking ??= this.#look()
      .catch((error: unknown) => this.#options.logger.warn("handing over failed", { error: String(error) }))
      .finally(() => {
        this.#looking = null
      })
    return this.#looking
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
  }

  async #look(): Promise<void> {
    if (this.isEmpty) return this.#empty.resolve()
    const { pool, monotonic } = this.#options
    const isAlone = (await this.#neighbours.list()).length === 0
    let room = mostAskedAtOnce
    for (const stream of pool.streams.values()) {
      if (!stream.isOpen) continue
      const relays = [...stream.viewers.values()].filter(({ isRelay }) => isRelay).length
      const own = stream.viewers.size - relays
      // Viewers need a place to go.
      if (isAlone && own > 0) continue
      const now = monotonic()
      const handOver = this.#handOvers.get(stream) ?? { since: now, seenAt: null }
      if (own > 0) handOver.seenAt = now
      this.#handOvers.set(stream, handOver)
      const isOrigin = stream.connection.relay === null
      const quiet = handOver.seenAt === null ? null : now - handOver.seenAt
      const step = nextStep({ own, relays, isOrigin, quiet, since: now - handOver.since })
      if (step === "move") room -= this.#ask(stream, room)
      else if (step === "close") void stream.close("shutdown")
    }
  }

  /** Has so many of a stream's viewers come again at the most; gives how many it has asked. */
  #ask(stream: LiveStream, most: number): number {
    const { streamer, keeper, sessions } = this.#options
    // Until they are back, its connection is not for anybody else.
    if (stream.connection.relay === null) stream.keep(`drain/${stream.channel}/${streamer}/0`)
    let asked = 0
    for (const [watching, { session, isRelay }] of [...stream.viewers]) {
      if (asked >= most) break
      if (isRelay || this.#asked.has(watching)) continue
      this.#asked.add(watching)
      keeper.sessions.handOver(session)
      sessions.breakOff(session)
      asked++
    }
    return asked
  }
}
