import type { Locator } from "./entry.ts"

/** What of a provider profile is needed to make a feed's address. */
export interface FeedNeeds {
  /** The address holds credentials: the profile needs a login. Without any, it is the primary profile's own. */
  login: boolean
  /** The address is on the account's own server, so that a profile on another server has it there. */
  server: boolean
}

/** Why a feed's address cannot be made for a profile. */
export type AddressProblem = "no_login" | "not_rebuildable"

/** What a feed needs, told by its locator. */
export function feedNeeds(locator: Locator): FeedNeeds {
  if (locator.kind === "xtream") return { login: true, server: true }
  return {
    login: /\{(?:username|password)\}/.test(locator.template),
    server: locator.template.startsWith("{server}"),
  }
}

/**
 * Why a feed's address cannot be made with a profile's own parts; null when it can. Such a feed is never opened with
 * another profile's credentials. `acquire.lua` goes by the same rule.
 */
export function addressProblem(
  needs: FeedNeeds,
  profile: { primary: boolean; hasLogin: boolean; ownServer: boolean },
): AddressProblem | null {
  if (!needs.login) return profile.primary ? null : "not_rebuildable"
  if (!profile.hasLogin) return "no_login"
  return needs.server || !profile.ownServer ? null : "not_rebuildable"
}
