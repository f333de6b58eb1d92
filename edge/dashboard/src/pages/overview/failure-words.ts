import type { FailingFeed } from "@tributary/shared/admin-api/overview"
import { count, duration, fromNow } from "../../parts/figures.ts"

/** How often a feed failed, when last, and when it is tried again. */
export function failureWords(
  { failures, lastFailureAt, blockedUntil }: Pick<FailingFeed, "failures" | "lastFailureAt" | "blockedUntil">,
  now: number,
): string {
  const times = failures === 1 ? "failed once" : `failed ${count(failures)} times`
  const last = fromNow(lastFailureAt, now)
  const again =
    blockedUntil === null || blockedUntil <= now
      ? "may be tried now"
      : `blocked for ${duration(blockedUntil - now)} more`
  return `${times}, last ${last} · ${again}`
}
