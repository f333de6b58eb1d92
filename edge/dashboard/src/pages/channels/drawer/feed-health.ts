import { count, duration } from "../../../parts/figures.ts"
import type { PublishedChannel } from "./channel-values.ts"

export type FeedState = PublishedChannel["feeds"][number]

/** In words how a feed has been failing; null: it has not. */
export function healthInWords(health: FeedState["health"], now: number): string | null {
  if (health == null) return null
  const failures = health.failures === 1 ? "1 failure" : `${count(health.failures)} failures`
  if (health.blockedUntil > now)
    return `Blocked for ${duration(health.blockedUntil - now)} more, after ${failures}`
  return health.failures === 0 ? null : `Failing: ${failures} since it last opened`
}

const reasonWords: Record<string, string> = {
  no_login: "it has no login of its own",
  not_rebuildable: "the feed's address cannot be made with its login",
}

/** In words which profile cannot open a feed, and why. */
export const passedOverInWords = ({ profile, reason }: { profile: string; reason: string }): string =>
  `Profile ${profile} cannot open it: ${reasonWords[reason] ?? reason}`
