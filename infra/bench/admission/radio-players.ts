import type { AdmissionSystem } from "./admission-system.ts"
import { type BarePlayer, openBarePlayer } from "./bare-player.ts"

const atOnce = 16
const longestMilliseconds = 60_000

/** Players of radio channels, one of each, so that there are as many live streams as players. */
export class RadioPlayers {
  readonly #opened: AdmissionSystem
  readonly #players: BarePlayer[] = []

  constructor(opened: AdmissionSystem) {
    this.#opened = opened
  }

  /** Has the first so many channels played; rejects when one of them does not begin. */
  async growTo(streams: number): Promise<void> {
    const { edge, radio, path } = this.#opened
    let next = this.#players.length
    const deadline = performance.now() + longestMilliseconds
    const open = async () => {
      while (next < streams) {
        if (performance.now() > deadline) throw new Error(`only ${this.#players.length} streams in time`)
        const number = next++
        const channel = radio[number]
        if (channel === undefined) throw new Error("the list has too few channels")
        this.#players.push(await openBarePlayer(edge + path(channel, number)))
      }
    }
    const outcomes = await Promise.allSettled(Array.from({ length: atOnce }, open))
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason
  }

  /** How many players got something while `work` ran, and were not ended. */
  async playingDuring<T>(work: () => Promise<T>): Promise<{ result: T; playing: number }> {
    const before = this.#players.map(({ bytes }) => bytes())
    const result = await work()
    const playing = this.#players.filter(
      ({ bytes }, index) => (bytes() ?? -1) > (before[index] ?? Number.POSITIVE_INFINITY),
    ).length
    return { result, playing }
  }

  async close(): Promise<void> {
    await Promise.all(this.#players.splice(0).map((player) => player.close()))
  }
}
