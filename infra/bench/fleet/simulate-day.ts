import { seededRandom } from "../../e2e/player/test-support/seeded-random.ts"
import { Counted } from "./carried.ts"
import { chance, type Deed, daySeconds, deedsOf } from "./habits.ts"
import type { Region } from "./regions.ts"
import { SimulatedFleet } from "./simulated-fleet.ts"
import type { Person } from "./simulated-task.ts"

/** What came of a day. */
export interface Day {
  taskHours: number
  /** Of as many tasks as what was watched fills, if they came and went in an instant. */
  filledTaskHours: number
  peakTasks: number
  peakViewers: number
  viewerHours: number
  /** Requests that found a streamer at once, and people who had to ask again. */
  admitted: number
  refused: number
  longestWaitSeconds: number
  /** Requests that were served from another region. */
  servedAfar: number
  /** Most connections to providers at once, with one for each channel, and with one for each viewer. */
  peakConnections: number
  peakConnectionsUnshared: number
  tasksStarted: number
  /** Viewers whom draining streamers sent elsewhere. */
  handedOver: number
  /** From a deployment until its last old task was gone. */
  deploySeconds: number
}

const stepSeconds = 5
const warmUpSeconds = 12 * 3600
const transcodeShare = 0.02
// As often as a player asks again that was told to (Retry-After).
const retrySeconds = 5
const handOversPerStep = 50
/** In the middle of the European evening's rise. */
const deployAt = 17 * 3600

/** Runs the day of these regions, with half a day before it that is not counted; the same for the same seed. */
export function simulateDay(regions: readonly Region[], seed: number): Day {
  return new DaySimulation(regions, seed).run()
}

class DaySimulation {
  readonly #fleets: SimulatedFleet[]
  readonly #people: Person[] = []
  readonly #deeds: Deed[]
  /** People who were refused, since when, and when they ask again. */
  readonly #waiting = new Map<Person, { since: number; askAt: number }>()
  readonly #connections = new Counted()
  #watching = 0
  readonly #day: Day = {
    ...{ taskHours: 0, filledTaskHours: 0, peakTasks: 0, peakViewers: 0, viewerHours: 0 },
    ...{ admitted: 0, refused: 0, longestWaitSeconds: 0, servedAfar: 0 },
    ...{ peakConnections: 0, peakConnectionsUnshared: 0, tasksStarted: 0, handedOver: 0, deploySeconds: 0 },
  }

  constructor(regions: readonly Region[], seed: number) {
    const random = seededRandom(seed)
    this.#fleets = regions.map((region) => new SimulatedFleet(region, random))
    const byRegion: Deed[][] = []
    for (const region of regions) {
      const first = this.#people.length
      byRegion.push(deedsOf(region, first, random))
      for (let id = first; id < first + region.people; id++) {
        const transcodes = chance(random) < transcodeShare
        this.#people.push({ id, continent: region.continent, transcodes, watching: null, task: null })
      }
    }
    const deeds = byRegion.flat()
    // The day before was the same.
    const before = deeds.map((deed) => ({ ...deed, at: deed.at - daySeconds }))
    this.#deeds = [...before.filter(({ at }) => at >= -warmUpSeconds), ...deeds].sort((a, b) => a.at - b.at)
  }

  run(): Day {
    let next = 0
    for (let now = -warmUpSeconds; now < daySeconds; now += stepSeconds) {
      if (now === deployAt) for (const fleet of this.#fleets) fleet.deploy()
      if (now % 60 === 0) for (const fleet of this.#fleets) fleet.scale(now)
      for (const fleet of this.#fleets) {
        fleet.step(now)
        this.#handOver(fleet, now)
      }
      for (; (this.#deeds[next]?.at ?? Number.POSITIVE_INFINITY) <= now; next++)
        this.#do(this.#deeds[next] as Deed, now)
      for (const [person, { askAt }] of this.#waiting) if (askAt <= now) this.#ask(person, now)
      if (now >= 0) this.#count(now)
    }
    return this.#day
  }

  #do(deed: Deed, now: number): void {
    const person = this.#people[deed.person]
    if (person === undefined) return
    this.#leave(person)
    this.#waiting.delete(person)
    if (deed.kind === "stop") return
    person.watching = { channel: deed.channel, isFilm: deed.isFilm }
    this.#ask(person, now)
  }

  #leave(person: Person): void {
    if (person.task !== null && person.watching !== null) {
      this.#connections.take(person.watching.channel)
      this.#watching--
      person.task.lose(person)
    }
    person.watching = null
  }

  /** As admission decides: their own region, else any other, else later. */
  #ask(person: Person, now: number): void {
    const home = this.#fleets.find(({ region }) => region.continent === person.continent)
    const near = home?.withRoom(now)
    const task = near ?? this.#fleets.map((fleet) => fleet.withRoom(now)).find((found) => found !== undefined)
    if (home?.running(now).length === 0) home.wish(now)
    const since = this.#waiting.get(person)?.since ?? now
    if (task === undefined) {
      if (since === now && now >= 0) this.#day.refused++
      this.#waiting.set(person, { since, askAt: now + retrySeconds })
      return
    }
    this.#waiting.delete(person)
    task.take(person)
    this.#connections.add(person.watching?.channel ?? "")
    this.#watching++
    if (now < 0) return
    this.#day.admitted++
    this.#day.longestWaitSeconds = Math.max(this.#day.longestWaitSeconds, now - since)
    if (near === undefined) this.#day.servedAfar++
  }

  /** Viewers of live channels are sent elsewhere while there is room; films stay. */
  #handOver(fleet: SimulatedFleet, now: number): void {
    for (const task of fleet.tasks) {
      if (!task.isDraining) continue
      let left = handOversPerStep
      for (const person of task.people) {
        const other = left > 0 && person.watching?.isFilm === false ? fleet.withRoom(now) : undefined
        if (other === undefined) continue
        task.lose(person)
        other.take(person)
        left--
        if (now >= 0) this.#day.handedOver++
      }
    }
  }

  #count(now: number): void {
    const day = this.#day
    const tasks = this.#fleets.reduce((sum, fleet) => sum + fleet.tasks.length, 0)
    const hours = stepSeconds / 3600
    day.taskHours += tasks * hours
    day.viewerHours += this.#watching * hours
    for (const fleet of this.#fleets) day.filledTaskHours += fleet.filledTasks * hours
    day.peakTasks = Math.max(day.peakTasks, tasks)
    day.peakViewers = Math.max(day.peakViewers, this.#watching)
    day.peakConnections = Math.max(day.peakConnections, this.#connections.size)
    day.peakConnectionsUnshared = Math.max(day.peakConnectionsUnshared, this.#watching)
    const isReplacing = now >= deployAt && this.#fleets.some((fleet) => fleet.hasOld)
    if (isReplacing) day.deploySeconds = now + stepSeconds - deployAt
    if (now + stepSeconds >= daySeconds)
      day.tasksStarted = this.#fleets.reduce((sum, fleet) => sum + fleet.started, 0)
  }
}
