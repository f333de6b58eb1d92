import type { PoolProfileRow } from "@tributary/shared/admin-api/sources"
import { dateTime, fromNow } from "../figures.ts"

const reasons: Record<string, string> = {
  disabled: "Disabled here",
  expired: "Expired",
  banned: "Banned by the provider",
  wrong_password: "Wrong username or password",
  refused: "Refused by the provider, tried again soon",
  recovering: "Waits until it is known what is open",
}

/** Why a profile is not used, in words; null: it is used. */
export const reasonWords = (reason: string | null): string | null =>
  reason === null ? null : (reasons[reason] ?? reason.replaceAll("_", " "))

/** `2/5`, or `2, no limit`. */
export const filling = (active: number, most: number | null): string =>
  most === null ? `${active}, no limit` : `${active}/${most}`

/** How full, of 100; where nothing may be opened it is full. */
export function fillingPercent(active: number, most: number | null): number {
  if (most === null) return 0
  return most <= 0 ? 100 : Math.min(100, Math.round((100 * active) / most))
}

/** `Expires in 12 d (1 Mar 2027, 12:00)`. */
export function expiryWords(expiresAt: number, now: number): string {
  const when = `${fromNow(expiresAt, now)} (${dateTime(expiresAt)})`
  return expiresAt > now ? `Expires ${when}` : `Expired ${when}`
}

/** The date on which the first of the profiles that are used expires; null: none is known to. */
export function firstExpiry(
  profiles: readonly Pick<PoolProfileRow, "enabled" | "expiresAt">[],
): number | null {
  const dates = profiles.flatMap(({ enabled, expiresAt }) =>
    enabled && expiresAt !== null ? [expiresAt] : [],
  )
  return dates.length === 0 ? null : Math.min(...dates)
}

export const elsewhereWords = (elsewhere: number): string | null =>
  elsewhere <= 0 ? null : `${elsewhere} in use elsewhere`
