import type { LoadSample } from "../../../edge/src/fleet/scale/desired-count.ts"
import { planFleet } from "../../../edge/src/fleet/scale/plan-fleet.ts"
import type { SeededRandom } from "../../e2e/player/test-support/seeded-random.ts"
import type { Region } from "./regions.ts"
import { SimulatedTask } from "./simulated-task.ts"

/** From the call of ECS to the first heartbeat. */
const startSeconds = { from: 45, to: 75 }

// As long as a wish is remembered.
const wishSeconds = 300

/** One region's ECS service as it behaves, scaled by what the edge's cron decides. */
export class SimulatedFleet {
  readonly region: Region
  tasks: SimulatedTask[] = []
  #desired: number
  #deployment = 1
  #started = 0
  #wishedAt = Number.NEGATIVE_INFINITY
  #samples: LoadSample[] = []
  #marked = new Set<string>()
  readonly #random: SeededRandom

  constructor(region: Region, random: SeededRandom) {
    this.region = region
    this.#desired = region.limits.minimum
    this.#random = random
  }

  /** Tasks that were started so far. */
  get started(): number {
    return this.#started
  }

  /** Whether tasks of an older deployment are left. */
  get hasOld(): boolean {
    return this.tasks.some(({ deployment }) => deployment !== this.#deployment)
  }

  /** Tasks that what it carries would fill. */
  get filledTasks(): number {
    const { viewersPerTask, transcodesPerTask } = this.region.limits
    const viewers = this.tasks.reduce((sum, task) => sum + task.viewers, 0)
    const transcodes = this.tasks.reduce((sum, task) => sum + task.transcodes, 0)
    return Math.ceil(Math.max(viewers / viewersPerTask, transcodes / transcodesPerTask))
  }

  /** Those that have started, draining ones among them. */
  running(now: number): SimulatedTask[] {
    return this.tasks.filter(({ readyAt }) => readyAt <= now)
  }

  /** The streamer for a viewer: the one with the fewest that has room; undefined when there is none. */
  withRoom(now: number): SimulatedTask | undefined {
    return this.tasks
      .filter((task) => task.readyAt <= now && !task.isDraining)
      .filter(({ viewers }) => viewers < this.region.limits.viewersPerTask)
      .sort((a, b) => a.viewers - b.viewers)[0]
  }

  /** What a request does that finds no streamer: the first one has a task started at once. */
  wish(now: number): void {
    if (now - this.#wishedAt < wishSeconds) return
    this.#wishedAt = now
    this.scale(now)
  }

  /** What the edge's cron does each minute. */
  scale(now: number): void {
    const plan = planFleet({
      ...{ limits: this.region.limits, desired: this.#desired, samples: this.#samples, marked: this.#marked },
      tasks: this.tasks.map(({ arn, deployment }) => ({ arn, isNewest: deployment === this.#deployment })),
      streamers: this.running(now).map((task) => task.registration()),
      ...{ isWished: now - this.#wishedAt < wishSeconds, now: now * 1000 },
    })
    this.#desired = plan.desired
    this.#samples = plan.samples
    this.#marked = new Set(plan.toDrain)
  }

  /** A new version: all tasks are to be replaced. */
  deploy(): void {
    this.#deployment++
  }

  /** What ECS and the streamers' heartbeats do all the time. */
  step(now: number): void {
    for (const task of this.tasks) task.isDraining ||= this.#marked.has(task.arn)
    const newest = this.tasks.filter(({ deployment }) => deployment === this.#deployment)
    for (let missing = this.#desired - newest.length; missing > 0; missing--) {
      this.#started++
      const readyAt = now + this.#random.between(startSeconds.from, startSeconds.to)
      const place = { number: this.#started, continent: this.region.continent }
      this.tasks.push(new SimulatedTask({ ...place, deployment: this.#deployment, readyAt }))
    }
    const ready = newest.filter(({ readyAt }) => readyAt <= now).length
    const old = this.tasks.filter(({ deployment }) => deployment !== this.#deployment)
    // Of those that are not protected ECS chooses as it likes.
    for (let more = newest.length - this.#desired; more > 0; more--) this.#stop(newest)
    for (let more = ready + old.length - this.#desired; more > 0; more--) this.#stop(old)
  }

  #stop(candidates: readonly SimulatedTask[]): void {
    const unprotected = candidates.filter((task) => task.viewers === 0 && this.tasks.includes(task))
    if (unprotected.length === 0) return
    const stopped = this.#random.pick(unprotected)
    this.tasks = this.tasks.filter((task) => task !== stopped)
  }
}
