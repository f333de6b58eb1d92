import { setTimeout as delay } from "node:timers/promises"
import { isDeepStrictEqual } from "node:util"
import { claimReports, type ProfileName, reportAccount } from "@tributary/shared/account/report"
import type { RunScript } from "@tributary/shared/lease/scripts"
import type { Logger } from "@tributary/shared/log/log"
import { keys } from "@tributary/shared/store/keys"
import type { AccountReport, ProfileReport } from "@tributary/shared/store/records"
import type { Redis } from "@upstash/redis"
import type { ConfigDirectory } from "../store/config-directory.ts"
import { LookOut } from "../store/look-out.ts"
import { type AccountTarget, accountTarget } from "./account-target.ts"
import { type AccountAnswer, askAccount } from "./ask-account.ts"
import { PanelQueue, type PanelQueueOptions } from "./panel-queue.ts"
import { refusedReport, untoldReport } from "./read-login.ts"
import {
  disabledSeconds,
  otherServerSeconds,
  secondsAfterReport,
  secondsAfterSilence,
} from "./report-times.ts"

export interface AccountWatchOptions {
  redis: Redis
  run: RunScript
  config: Pick<ConfigDirectory, "sources" | "settings" | "follow">
  /** Unix milliseconds. */
  now: () => number
  /** From 0 to below 1. */
  random: () => number
  logger: Logger
  /** `node:timers` unless it is given. */
  sleep?: PanelQueueOptions["sleep"]
  /** For each answer of a provider. */
  patienceMilliseconds?: number
}

// A claim runs out after a minute (`claim-reports.lua`), and a server may take ten seconds for each answer.
const mostAtOnce = 16
const defaultPatience = 10_000

/** Asks providers about the profiles that are due, and keeps what they say (`profiles:due`). */
export class AccountWatch {
  readonly #options: AccountWatchOptions
  readonly #panels: PanelQueue
  readonly #abort = new AbortController()
  /** Profiles that are being asked about here. */
  readonly #running = new Map<string, Promise<void>>()
  /** How many times in a row a profile's server did not answer. */
  readonly #silences = new Map<string, number>()
  readonly #lookOut: LookOut
  /** More were due than there was room for. */
  #mayBeMore = false

  constructor(options: AccountWatchOptions) {
    this.#options = options
    const { now, logger, sleep = delayed, patienceMilliseconds = defaultPatience } = options
    this.#lookOut = new LookOut(
      () => this.#claim(),
      (error) => logger.warn("profiles could not be claimed", { error: String(error) }),
    )
    this.#panels = new PanelQueue({
      ask: (target, signal) => askAccount(target, { patienceMilliseconds, now, signal }),
      ...{ now, sleep, signal: this.#abort.signal },
    })
  }

  /** Nothing is being looked for or asked here now. */
  get isIdle(): boolean {
    return !this.#lookOut.isLooking && this.#running.size === 0
  }

  /** Looks for profiles that are due now. */
  look(): void {
    if (!this.#abort.signal.aborted) this.#lookOut.look()
  }

  /** Stops what runs; its claims run out and another streamer takes them. */
  async close(): Promise<void> {
    this.#abort.abort()
    await this.#lookOut.ended()
    await Promise.all(this.#running.values())
  }

  async #claim(): Promise<void> {
    const most = mostAtOnce - this.#running.size
    this.#mayBeMore = true
    if (most <= 0) return
    const names = await claimReports(this.#options.run, most)
    this.#mayBeMore = names.length === most
    if (names.length === 0) return
    // What made them due may be newer than the last heartbeat.
    await this.#followConfig()
    if (this.#abort.signal.aborted) return
    for (const name of names) this.#start(name)
  }

  #start(name: ProfileName): void {
    const member = memberOf(name)
    // Its claim ran out while it waited for its turn, and was taken again.
    if (this.#running.has(member)) return
    const running = this.#refresh(name)
      .catch((error: unknown) => {
        if (this.#abort.signal.aborted) return
        this.#options.logger.warn("a provider's report could not be kept", { ...name, error: String(error) })
      })
      .finally(() => {
        this.#running.delete(member)
        if (this.#mayBeMore && this.#running.size <= mostAtOnce / 2) this.look()
      })
    this.#running.set(member, running)
  }

  async #refresh(name: ProfileName): Promise<void> {
    const asked = this.#targetOf(name)
    const answer = typeof asked === "string" ? null : await this.#panels.ask(asked)
    await this.#followConfig()
    // Saved anew meanwhile: what was said may be of another account.
    if (!isDeepStrictEqual(this.#targetOf(name), asked)) return this.#dueIn(name, 0)
    if (typeof asked !== "string" && answer !== null) return this.#keep(name, asked, answer)
    this.#silences.delete(memberOf(name))
    if (asked === "disabled") await this.#dueIn(name, disabledSeconds)
  }

  async #keep(name: ProfileName, { isList }: AccountTarget, answer: AccountAnswer): Promise<void> {
    const { logger } = this.#options
    const member = memberOf(name)
    if (answer.ok || answer.problem === "wrong_password") {
      this.#silences.delete(member)
      const report = answer.ok ? answer.report : refusedReport
      logger.debug("a provider reported", { ...name, ...report })
      return this.#report(name, report)
    }
    const { problem, reason, isOtherServer } = answer
    if (isList && isOtherServer) {
      this.#silences.delete(member)
      logger.debug("a list's server is no Xtream panel", { ...name, reason })
      if (await this.#isBarred(name)) await this.#report(name, untoldReport)
      return this.#dueIn(name, otherServerSeconds)
    }
    const times = (this.#silences.get(member) ?? 0) + 1
    this.#silences.set(member, times)
    logger.warn("a provider does not tell of an account", { ...name, problem, reason, times })
    await this.#dueIn(name, secondsAfterSilence(times))
  }

  async #report(name: ProfileName, report: AccountReport): Promise<void> {
    await reportAccount(this.#options.run, name, report, secondsAfterReport(report, this.#options.random))
  }

  /** Whether another server, which the list had before, said that the profile cannot be used: this one never will. */
  async #isBarred({ source, profile }: ProfileName): Promise<boolean> {
    const text = await this.#options.redis.hget<string>(keys.reports(source), profile)
    if (text === null) return false
    const { status } = JSON.parse(text) as ProfileReport
    return status !== "active" && status !== "unknown"
  }

  /** Has it asked about in so many seconds, without a report: what was last said stays in force. */
  async #dueIn(name: ProfileName, seconds: number): Promise<void> {
    const { redis } = this.#options
    const [now, microseconds] = await redis.time()
    const score = Number(now) * 1000 + Math.floor(Number(microseconds) / 1000) + seconds * 1000
    // Only where it is: the profile may have been removed.
    await redis.zadd(keys.profilesDue, { xx: true }, { score, member: memberOf(name) })
  }

  #targetOf({ source: id, profile }: ProfileName): AccountTarget | "disabled" | "gone" {
    const { config } = this.#options
    const source = config.sources.get(id)
    const record = source?.record.profiles.find((one) => one.id === profile)
    if (source === undefined || record === undefined) return "gone"
    if (!source.record.enabled || !record.enabled) return "disabled"
    return accountTarget(source, profile, config.settings) ?? "gone"
  }

  async #followConfig(): Promise<void> {
    const { redis, config } = this.#options
    const version = await redis.get<string>(keys.configVersion)
    // None: the store lost its data, and is about to get what is in force here.
    if (version !== null) await config.follow(version)
  }
}

const memberOf = ({ source, profile }: ProfileName) => `${source}/${profile}`

const delayed: PanelQueueOptions["sleep"] = (milliseconds, signal) =>
  delay(milliseconds, undefined, { signal })
