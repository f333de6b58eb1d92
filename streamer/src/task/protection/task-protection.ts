import type { Logger } from "@tributary/shared/log/log"
import { z } from "zod"
import type { Ask } from "../metadata/ask-patiently.ts"

export interface TaskProtectionOptions {
  ask: Ask
  /** What ECS gives as ECS_AGENT_URI. */
  agent: string
  /** Whether somebody watches here, so that the task is not to be ended. */
  isNeeded: () => boolean
  /** Monotonic milliseconds. */
  now: () => number
  logger: Logger
}

type State =
  /** Nothing was said yet, or it is not known what holds: the next look says it. */
  | { kind: "unknown"; triesAfter: number; failures: number }
  | { kind: "protected"; since: number }
  | { kind: "free" }

const lookMilliseconds = 5_000
const answerMilliseconds = 3_000
// It outlasts an agent that is away for a while; a task that dies needs none.
const expiresInMinutes = 60
const renewMilliseconds = 20 * 60_000
// A viewer who zaps is gone for a moment only.
const emptyMilliseconds = 15_000
const longestPauseMilliseconds = 60_000

const answerSchema = z.union([
  z.object({ protection: z.object({ ProtectionEnabled: z.boolean() }) }),
  z.object({ failure: z.object({ Reason: z.string(), Detail: z.string().nullish() }) }),
  z.object({ error: z.object({ Code: z.string(), Message: z.string().nullish() }) }),
])

/**
 * Keeps scale-in and deployments from ending the task while somebody watches: tells the ECS agent
 * (`/task-protection/v1/state`), renews that, and ends it when nobody does. While the agent fails, nothing changes here.
 */
export class TaskProtection {
  readonly #options: TaskProtectionOptions
  #state: State = { kind: "unknown", triesAfter: 0, failures: 0 }
  #emptySince: number | null = null
  #timer: NodeJS.Timeout | null = null
  #looking: Promise<void> | null = null

  constructor(options: TaskProtectionOptions) {
    this.#options = options
  }

  start(): void {
    this.#timer ??= setInterval(() => void this.look(), lookMilliseconds).unref()
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
    await this.#looking
  }

  /** Says what is to be said now; by itself every 5 s. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null
    })
    return this.#looking
  }

  async #look(): Promise<void> {
    const { isNeeded, now } = this.#options
    const time = now()
    const isWatched = isNeeded()
    if (isWatched) this.#emptySince = null
    else this.#emptySince ??= time
    const isEmpty = this.#emptySince !== null && time - this.#emptySince >= emptyMilliseconds
    const state = this.#state
    const isDue =
      state.kind === "unknown"
        ? time >= state.triesAfter
        : state.kind === "free"
          ? isWatched
          : isEmpty || time - state.since >= renewMilliseconds
    if (isDue) await this.#say(isWatched || (state.kind === "protected" && !isEmpty))
  }

  async #say(isProtected: boolean): Promise<void> {
    const { now, logger } = this.#options
    const fault = await this.#tell(isProtected)
    const { kind, failures } = { failures: 0, ...this.#state }
    if (fault === null) {
      this.#state = isProtected ? { kind: "protected", since: now() } : { kind: "free" }
      if (kind !== this.#state.kind || failures > 0)
        logger.info("task protection", { protected: isProtected })
      return
    }
    // Once for all that follow each other.
    if (failures === 0) logger.warn("the task's protection could not be changed", { reason: fault })
    const pause = Math.min(longestPauseMilliseconds, lookMilliseconds * 2 ** Math.min(failures, 10))
    this.#state = { kind: "unknown", triesAfter: now() + pause, failures: failures + 1 }
  }

  /** Null, or what is wrong. */
  async #tell(isProtected: boolean): Promise<string | null> {
    const { ask, agent } = this.#options
    const expiry = isProtected ? { ExpiresInMinutes: expiresInMinutes } : {}
    try {
      const response = await ask(`${agent}/task-protection/v1/state`, {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ ProtectionEnabled: isProtected, ...expiry }),
        signal: AbortSignal.timeout(answerMilliseconds),
      })
      const said = answerSchema.safeParse(await response.json().catch(() => null)).data
      if (said === undefined) return `the agent answers ${response.status}`
      if ("failure" in said) return `${said.failure.Reason} ${said.failure.Detail ?? ""}`.trim()
      if ("error" in said) return `${said.error.Code} ${said.error.Message ?? ""}`.trim()
      return null
    } catch {
      return "the agent does not answer"
    }
  }
}

/** Protects the task from now on while that is needed; null where there is no agent. */
export function protectTask(
  agent: string | undefined,
  options: Omit<TaskProtectionOptions, "agent">,
): TaskProtection | null {
  if (agent === undefined) return null
  const protection = new TaskProtection({ ...options, agent })
  protection.start()
  return protection
}
