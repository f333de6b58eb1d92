import type { Feed, Locator } from "@tributary/shared/catalogue/entry"
import { type AddressProblem, addressProblem, feedNeeds } from "@tributary/shared/catalogue/feed-needs"
import { primaryProfileId } from "@tributary/shared/config/config-file"
import type { SealedSource } from "@tributary/shared/store/records"

export type AddressResult =
  | { ok: true; url: string }
  | { ok: false; reason: AddressProblem | "bad_server" | "not_a_stream" }

/** What of a profile an address is made of. */
export interface ProfileParts {
  /** Without a slash at its end. */
  server: string
  /** Both empty for a profile without a login. */
  username: string
  password: string
}

export type PartsResult =
  | { ok: true; parts: ProfileParts }
  | { ok: false; reason: AddressProblem | "bad_server" }

/**
 * The address of a feed for one profile, from its parts. A feed whose address cannot be made with this
 * profile's credentials gives a reason instead: it is never opened with another profile's.
 */
export function feedAddress({ locator }: Feed, source: SealedSource, profile: string): AddressResult {
  const made = profileParts(locator, source, profile)
  if (!made.ok) return made
  if (locator.kind === "url") return { ok: true, url: fillTemplate(locator.template, source, profile) }
  // A series without an extension is the title; only its episodes are files.
  if (locator.extension === "") return { ok: false, reason: "not_a_stream" }
  const { server, username, password } = made.parts
  const parts = [locator.type ?? "live", username, password, `${locator.streamId}.${locator.extension}`]
  return { ok: true, url: `${server}/${parts.map(encodeURIComponent).join("/")}` }
}

/** What an address with this locator is made of for a profile; a reason when it is none of this profile's. */
export function profileParts(locator: Locator, source: SealedSource, profile: string): PartsResult {
  const login = source.logins[profile]
  const server = originOf(login?.url ?? source.url)
  if (server === null) return { ok: false, reason: "bad_server" }
  const problem = addressProblem(feedNeeds(locator), {
    primary: profile === primaryProfileId,
    hasLogin: login !== undefined,
    ownServer: server !== originOf(source.url),
  })
  if (problem !== null || (locator.kind === "xtream" && login === undefined))
    return { ok: false, reason: problem ?? "no_login" }
  const { username, password } = login ?? { username: "", password: "" }
  return { ok: true, parts: { server, username, password } }
}

/** An address template with a profile's server and credentials filled in. */
export function fillTemplate(template: string, source: SealedSource, profile: string): string {
  const login = source.logins[profile]
  const values = {
    server: new URL(login?.url ?? source.url).origin,
    username: encodeURIComponent(login?.username ?? ""),
    password: encodeURIComponent(login?.password ?? ""),
  }
  return template.replace(/\{(server|username|password)\}/g, (_, name: keyof typeof values) => values[name])
}

function originOf(url: string): string | null {
  const origin = URL.canParse(url) ? new URL(url).origin : "null"
  // Of anything but a web address ("panel:8080" has the scheme "panel").
  return origin === "null" ? null : origin
}
