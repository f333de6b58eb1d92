import type { Feed } from "@tributary/shared/catalogue/entry"
import type { SealedSource } from "@tributary/shared/store/records"

export type AddressResult =
  | { ok: true; url: string }
  | { ok: false; reason: "no_login" | "not_rebuildable" | "bad_server" | "not_a_stream" }

/**
 * The address of a feed for one profile, from its parts. A feed whose address cannot be made with this
 * profile's credentials gives a reason instead: it is never opened with another profile's.
 */
export function feedAddress(feed: Feed, source: SealedSource, profile: string): AddressResult {
  const login = source.logins[profile]
  const server = originOf(login?.url ?? source.url)
  if (server === null) return { ok: false, reason: "bad_server" }
  const { locator } = feed
  if (locator.kind === "xtream") {
    if (login === undefined) return { ok: false, reason: "no_login" }
    // A series without an extension is the title; only its episodes are files.
    if (locator.extension === "") return { ok: false, reason: "not_a_stream" }
    const folder = locator.type ?? "live"
    const parts = [folder, login.username, login.password, `${locator.streamId}.${locator.extension}`]
    return { ok: true, url: `${server}/${parts.map(encodeURIComponent).join("/")}` }
  }
  const needsLogin = /\{(?:username|password)\}/.test(locator.template)
  if (!needsLogin && profile !== "primary") return { ok: false, reason: "not_rebuildable" }
  if (needsLogin && login === undefined) return { ok: false, reason: "no_login" }
  return { ok: true, url: fillTemplate(locator.template, source, profile) }
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
