import { setTimeout as delay } from "node:timers/promises"
import { openPlayer, type Player, type PlayReport } from "../../../e2e/player/play.ts"
import { type SeededRandom, seededRandom } from "../../../e2e/player/test-support/seeded-random.ts"
import { awayMilliseconds, type Habit, habitOf, stayMilliseconds } from "./habits.ts"
import { watch } from "./watch.ts"

/** What strict players found wrong, added up. */
export interface StrictCount {
  plays: number
  ccErrors: number
  syncLosses: number
  pcrJumps: number
  unannouncedPtsJumps: number
  splicesOffKeyframe: number
  /** Of all of them. */
  longestGapMs: number
}

export interface SoakViewersOptions {
  viewers: number
  seed: number
  channels: readonly { megabits: number }[]
  /** The address at the edge. */
  url: (channel: number, viewer: number) => string
}

// A line that carries two thirds of what the channel has.
const slowShare = 0.66

const nothingWrong: StrictCount = {
  ...{ plays: 0, ccErrors: 0, syncLosses: 0, pcrJumps: 0 },
  ...{ unannouncedPtsJumps: 0, splicesOffKeyframe: 0, longestGapMs: 0 },
}

function withReport(count: StrictCount, report: PlayReport): StrictCount {
  return {
    plays: count.plays + 1,
    ccErrors: count.ccErrors + report.ccErrors,
    syncLosses: count.syncLosses + report.syncLosses,
    pcrJumps: count.pcrJumps + report.pcrJumps,
    unannouncedPtsJumps: count.unannouncedPtsJumps + report.unannouncedPtsJumps,
    splicesOffKeyframe: count.splicesOffKeyframe + report.splicesOffKeyframe,
    longestGapMs: Math.max(count.longestGapMs, report.maxGapMs),
  }
}

/** Viewers that come and go, each by its habit, until they are stopped. */
export class SoakViewers {
  /** How plays ended, by habit: `strict end 3`. */
  readonly endings = new Map<string, number>()
  playing = 0
  opened = 0
  bytes = 0
  #strict: StrictCount = nothingWrong
  readonly #strictPlayers = new Set<Player>()
  readonly #options: SoakViewersOptions
  readonly #stopping = new AbortController()
  #running: Promise<unknown> = Promise.resolve()

  constructor(options: SoakViewersOptions) {
    this.#options = options
  }

  /** Of those that play, too. */
  get strict(): StrictCount {
    return [...this.#strictPlayers].map((player) => player.report()).reduce(withReport, this.#strict)
  }

  start(): void {
    const all = Array.from({ length: this.#options.viewers }, (_, viewer) => this.#live(viewer))
    this.#running = Promise.all(all)
  }

  /** Resolves when the last one's sockets are gone. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  async #live(viewer: number): Promise<void> {
    const habit = habitOf(viewer)
    // Each has its own numbers: what one does is not moved by when another one does something.
    const random = seededRandom(this.#options.seed * 100_003 + viewer)
    const away = (milliseconds: number) => this.#wait(milliseconds)
    await away(random.between(0, 10_000))
    while (!this.#stopping.signal.aborted) {
      this.opened++
      this.playing++
      const how = await this.#play(viewer, habit, random)
      this.playing--
      const name = `${habit} ${how}`
      this.endings.set(name, (this.endings.get(name) ?? 0) + 1)
      await away(awayMilliseconds(habit, random))
    }
  }

  #play(viewer: number, habit: Habit, random: SeededRandom): Promise<string> {
    const { channels, url } = this.#options
    const channel = habit === "strict" ? viewer % channels.length : random.between(0, channels.length - 1)
    const address = url(channel, viewer)
    if (habit === "strict") return this.#playStrictly(address)
    const stay = stayMilliseconds(habit, random)
    const bytesPerSecond = ((channels[channel]?.megabits ?? 0) * 1e6 * slowShare) / 8
    return this.#watch(address, stay, habit === "slow" ? { bytesPerSecond } : {})
  }

  async #watch(url: string, stay: number | null, options: { bytesPerSecond?: number }): Promise<string> {
    const player = watch(url, options)
    const left = stay === null ? this.#wait(null) : this.#wait(stay)
    await Promise.race([left, player.ended])
    await player.close()
    this.bytes += player.bytes()
    return await player.ended
  }

  async #playStrictly(url: string): Promise<string> {
    const player = openPlayer(url, { signal: this.#stopping.signal })
    this.#strictPlayers.add(player)
    const report = await player.ended
    this.#strictPlayers.delete(player)
    this.bytes += report.bytes
    this.#strict = withReport(this.#strict, report)
    return report.ended === "closed" ? "left" : `${report.ended} ${report.error ?? ""}`.trim().slice(0, 60)
  }

  /** Until then, or until all are stopped; null: until then only. Never rejects. */
  async #wait(milliseconds: number | null): Promise<void> {
    const { signal } = this.#stopping
    if (signal.aborted) return
    if (milliseconds === null) await new Promise((resolve) => signal.addEventListener("abort", resolve))
    else await delay(milliseconds, undefined, { signal }).catch(() => undefined)
  }
}
