import { type ProfileName, reportAccount } from "@tributary/shared/account/report"
import { primaryProfileId } from "@tributary/shared/config/config-file"
import type { RunScript } from "@tributary/shared/lease/scripts"
import type { Logger } from "@tributary/shared/log/log"
import type { ConfigDirectory } from "../store/config-directory.ts"
import type { OpenSource } from "../upstream/open-feed.ts"
import { type CheckedAccount, checkAccount } from "./check-account.ts"
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

/** A profile that is not stored yet; without a login it is an open list. */
export interface ProfileDraft {
  url: string
  username?: string | null | undefined
  password?: string | null | undefined
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
    const { check, report } = await this.#check(source, name.profile)
    try {
      if (report !== null) await reportAccount(run, name, report, secondsAfterReport(report, random))
    } catch (error) {
      // It is asked about again anyway; the user is to know now.
      logger.warn("a provider's report could not be kept", { ...name, error: String(error) })
    }
    return { ok: true, check }
  }

  async ofDraft(draft: ProfileDraft): Promise<AccountCheck> {
    return (await this.#check(sourceOf(draft), primaryProfileId)).check
  }

  #check(source: OpenSource, profile: string): Promise<CheckedAccount> {
    const { config, now, patienceMilliseconds = defaultPatience } = this.#options
    // Bounded by its patience, and nobody else's to end.
    const { signal } = new AbortController()
    return checkAccount(source, profile, config.settings, { patienceMilliseconds, now, signal })
  }
}

/** As it would be stored. */
function sourceOf({ url, username, password }: ProfileDraft): OpenSource {
  const login = username == null || password == null ? null : { url: null, username, password }
  const profile = { id: primaryProfileId, name: "Draft", primary: true, maxStreams: null, priority: 0 }
  return {
    record: {
      id: "draft",
      type: login === null || isListAddress(url) ? "m3u" : "xtream",
      origin: "api",
      order: 1,
      ...{ enabled: true, live: true, vod: true, series: true },
      profiles: [{ ...profile, enabled: true, hasLogin: login !== null, ownServer: false }],
      sealed: "",
    },
    secret: { url, logins: login === null ? {} : { [primaryProfileId]: login } },
  }
}

/** Of a list, and not of an Xtream server. */
function isListAddress(url: string): boolean {
  const { pathname, search } = new URL(url)
  return search !== "" || /\.(?:m3u8?|php)$/i.test(pathname)
}
