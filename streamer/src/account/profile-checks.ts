import { type ProfileName, reportAccount } from "@tributary/shared/account/report"
import { sourceSchema } from "@tributary/shared/config/source-config"
import type { RunScript } from "@tributary/shared/lease/scripts"
import type { Logger } from "@tributary/shared/log/log"
import { openSource } from "@tributary/shared/store/source-record"
import type { ConfigDirectory } from "../store/config-directory.ts"
import type { OpenSource } from "../upstream/open-feed.ts"
import type { Asking } from "./ask-account.ts"
import { checkAccount } from "./check-account.ts"
import { checkDraft, type DraftCheck } from "./check-draft.ts"
import type { AccountCheck } from "./describe-account.ts"
import { secondsAfterReport } from "./report-times.ts"

export interface ProfileChecksOptions {
  run: RunScript
  config: Pick<ConfigDirectory, "sources" | "settings" | "refresh">
  /** Unix milliseconds. */
  now: () => number
  /** From 0 to below 1. */
  random: () => number
  logger: Logger
  /** For all that a provider is asked in one check; the edge waits for it. */
  patienceMilliseconds?: number
}

/** A source that is not stored yet; a list may have no login, or one in its address. */
export interface SourceDraft {
  type: "xtream" | "m3u"
  url: string
  username?: string | undefined
  password?: string | undefined
  userAgent?: string | undefined
  headers?: Record<string, string> | undefined
}

export type CheckResult =
  | { ok: true; check: AccountCheck }
  | { ok: false; reason: "unknown_source" | "store_unavailable" }

const defaultPatience = 10_000

/** Tests profiles because a user wants to know, stored ones and ones that are about to be made. */
export class ProfileChecks {
  readonly #options: ProfileChecksOptions

  constructor(options: ProfileChecksOptions) {
    this.#options = options
  }

  /** What is found out is in force at once. */
  async ofStored(name: ProfileName): Promise<CheckResult> {
    const { run, config, random, logger } = this.#options
    try {
      // It may have been saved a second ago.
      await config.refresh()
    } catch (error) {
      logger.warn("a profile could not be read", { ...name, error: String(error) })
      return { ok: false, reason: "store_unavailable" }
    }
    const source = config.sources.get(name.source)
    if (source?.record.profiles.some(({ id }) => id === name.profile) !== true)
      return { ok: false, reason: "unknown_source" }
    const { check, report } = await checkAccount(source, name.profile, config.settings, this.#asking())
    try {
      if (report !== null) await reportAccount(run, name, report, secondsAfterReport(report, random))
    } catch (error) {
      // It is asked about again anyway; the user is to know now.
      logger.warn("a provider's report could not be kept", { ...name, error: String(error) })
    }
    return { ok: true, check }
  }

  async ofDraft(draft: SourceDraft): Promise<DraftCheck> {
    const { config } = this.#options
    return await checkDraft(sourceOf(draft), config.settings, this.#asking())
  }

  #asking(): Asking {
    const { now, patienceMilliseconds = defaultPatience } = this.#options
    // Bounded by its patience, and nobody else's to end.
    const { signal } = new AbortController()
    return { patienceMilliseconds, now, signal }
  }
}

/** As it would be stored. */
function sourceOf(draft: SourceDraft): OpenSource {
  const config = sourceSchema.parse({ id: "draft", ...draft })
  const { record, secret } = openSource(config, "api")
  return { record: { ...record, sealed: "" }, secret }
}
