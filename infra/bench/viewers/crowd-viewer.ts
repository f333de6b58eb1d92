import { setTimeout as delay } from "node:timers/promises"
import { gunzipSync } from "node:zlib"
import { Client } from "undici"
import type { SeededRandom } from "../../e2e/player/test-support/seeded-random.ts"
import { type BarePlayer, openBarePlayer } from "../admission/bare-player.ts"
import { apiQuery, channelToWatch, type Deed, nextDeed, pauseMilliseconds } from "./deeds.ts"
import { type Outcome, outcomeOf } from "./outcome.ts"
import type { ViewersSystem } from "./viewers-system.ts"

/** Takes down what a viewer did, and `first byte` of each zap that was admitted. */
export type Take = (what: Deed | "first byte", outcome: Outcome) => void

const answerMilliseconds = 30_000

interface Request {
  path: string
  /** The wanted status. */
  status: number
  headers?: Record<string, string>
}

/** One viewer: asks the edge over a connection of their own, and watches a channel between zaps. */
export class CrowdViewer {
  readonly #number: number
  readonly #system: ViewersSystem
  readonly #random: SeededRandom
  readonly #take: Take
  readonly #connection: Client
  #player: BarePlayer | null = null
  #etag: string | null = null

  constructor(number: number, system: ViewersSystem, random: SeededRandom, take: Take) {
    this.#number = number
    this.#system = system
    this.#random = random
    this.#take = take
    const timeouts = { headersTimeout: answerMilliseconds, bodyTimeout: answerMilliseconds }
    this.#connection = new Client(system.edge, timeouts)
  }

  /** Does one thing after the other, with pauses, until then; resolves when the last one is done. */
  async live(until: number): Promise<void> {
    for (;;) {
      const pause = pauseMilliseconds(this.#random)
      if (performance.now() + pause >= until) return
      await delay(pause)
      await this.#do(nextDeed(this.#random))
    }
  }

  /** "ended": their stream did, and they had not left it. */
  get state(): "watching" | "ended" | "away" {
    if (this.#player === null) return "away"
    return this.#player.bytes() === null ? "ended" : "watching"
  }

  async close(): Promise<void> {
    await this.#player?.close()
    this.#player = null
    await this.#connection.destroy()
  }

  async #do(deed: Deed): Promise<void> {
    switch (deed) {
      case "playlist":
        return this.#fetchList()
      case "unchanged":
        return this.#etag === null ? this.#fetchList() : this.#fetchList(this.#etag)
      case "guide":
        return void (await this.#ask("guide", { path: this.#path("/guide.xml"), status: 200 }))
      case "player_api": {
        const query = apiQuery(this.#random, this.#random.pick(this.#system.channels))
        const path = this.#path("/player_api.php", query)
        return void (await this.#ask("player_api", { path, status: 200 }))
      }
      case "zap":
        return this.#zap()
    }
  }

  async #fetchList(known?: string): Promise<void> {
    const path = this.#path("/playlist.m3u8")
    const unchanged = { path, status: 304, headers: { "if-none-match": known ?? "" } }
    const answer = await (known === undefined
      ? this.#ask("playlist", { path, status: 200 })
      : this.#ask("unchanged", unchanged))
    this.#etag = answer?.etag?.toString() ?? this.#etag
  }

  /** Leaves the channel, as most players do first, and asks for another. */
  async #zap(): Promise<void> {
    if (this.state === "ended")
      this.#take("first byte", { kind: "failed", why: "ended while it was watched" })
    await this.#player?.close()
    this.#player = null
    const path = this.#path(`/stream/${channelToWatch(this.#random, this.#system.channels)}.ts`)
    const from = performance.now()
    const location = (await this.#ask("zap", { path, status: 302 }))?.location?.toString()
    if (location === undefined) return
    try {
      const player = await openBarePlayer(location)
      this.#player = player
      const milliseconds = performance.now() - from
      this.#take("first byte", { kind: "done", milliseconds, bytes: player.bytes() ?? 0 })
    } catch (error) {
      this.#take("first byte", { kind: "failed", why: String(error) })
    }
  }

  /** The answer's headers when it is the wanted one. */
  async #ask(what: Deed, { path, status, headers = {} }: Request) {
    const from = performance.now()
    try {
      const answer = await this.#connection.request({
        ...{ path, method: "GET" },
        headers: { "accept-encoding": "gzip", ...headers },
      })
      if (answer.statusCode !== status) {
        const body = Buffer.from(await answer.body.arrayBuffer())
        const text = answer.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body
        this.#take(what, outcomeOf(answer.statusCode, text.toString()))
        return null
      }
      let bytes = 0
      for await (const chunk of answer.body) bytes += (chunk as Buffer).length
      this.#take(what, { kind: "done", milliseconds: performance.now() - from, bytes })
      return answer.headers
    } catch (error) {
      this.#take(what, { kind: "failed", why: String(error) })
      return null
    }
  }

  #path(at: string, query?: Record<string, string>): string {
    return this.#system.path(this.#number, at, query)
  }
}
