import type { Streamer } from "../../../edge/src/fleet/streamer-records.ts"
import { Counted } from "./carried.ts"

export interface Person {
  id: number
  continent: string
  /** Watches in another quality than the provider's. */
  transcodes: boolean
  /** What they watch; null: nothing. */
  watching: { channel: string; isFilm: boolean } | null
  /** Where it comes from; null while they watch nothing, and while they wait for a streamer. */
  task: SimulatedTask | null
}

const bitsPerSecondPerViewer = 4_500_000

/** A task of a fleet with the streamer in it. */
export class SimulatedTask {
  readonly arn: string
  readonly continent: string
  readonly deployment: number
  /** When it has registered, seconds. */
  readonly readyAt: number
  isDraining = false
  readonly people = new Set<Person>()
  readonly #channels = new Counted()
  readonly #transcodes = new Counted()
  #films = 0

  constructor(task: { number: number; continent: string; deployment: number; readyAt: number }) {
    this.arn = `task/${task.continent}/${task.number}`
    this.continent = task.continent
    this.deployment = task.deployment
    this.readyAt = task.readyAt
  }

  get viewers(): number {
    return this.people.size
  }

  get transcodes(): number {
    return this.#transcodes.size
  }

  take(person: Person): void {
    const { watching } = person
    if (watching === null) return
    person.task = this
    this.people.add(person)
    if (watching.isFilm) this.#films++
    else this.#channels.add(watching.channel)
    if (person.transcodes && !watching.isFilm) this.#transcodes.add(watching.channel)
  }

  lose(person: Person): void {
    const { watching } = person
    if (watching === null || !this.people.delete(person)) return
    person.task = null
    if (watching.isFilm) this.#films--
    else this.#channels.take(watching.channel)
    if (person.transcodes && !watching.isFilm) this.#transcodes.take(watching.channel)
  }

  /** As it says of itself in its heartbeat. */
  registration(): Streamer {
    return [
      this.arn,
      {
        ...{ address: "", internalAddress: "", version: "", maxViewers: null, at: 0 },
        ...{ region: this.continent, task: this.arn, draining: this.isDraining },
        ...{ viewers: this.viewers, streams: this.#channels.size },
        load: {
          bitsPerSecondOut: this.viewers * bitsPerSecondPerViewer,
          transcodes: this.transcodes,
          films: this.#films,
        },
      },
    ]
  }
}
