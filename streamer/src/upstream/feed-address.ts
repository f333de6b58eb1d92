import type { Feed } from "@tributary/shared/catalogue/entry"
import { type AddressProblem, addressProblem, feedNeeds } from "@tributary/shared/catalogue/feed-needs"
import { primaryProfileId } from "@tributary/shared/config/config-file"
import type { SealedSource } from "@tributary/shared/store/records"

export type AddressResult =
  | { ok: true; url: string }
  | { ok: false; reason: AddressProblem | "bad_server" | "not_a_stream" | "no_catchup" }

/** What of a channel's past is asked for. */
export interface CatchupTime {
  /** Of the provider's own clock, `YYYY-MM-DD:HH-MM` as Xtream panels read it. */
  start: string
  minutes: number
  /** The path `/timeshift/…`, or `/streaming/timeshift.php`, which other panels want. */
  form: "path" | "query"
}

/**
 * The address of a feed for one profile, from its parts. A feed whose address cannot be made with this
 * profile's credentials gives a reason instead: it is never opened with another profile's.
 */
export function feedAddress(
  feed: Feed,
  source: SealedSource,
  profile: string,
  catchup?: CatchupTime,
): AddressResult {
  const login = source.logins[profile]
  const server = originOf(login?.url ?? source.url)
  if (server === null) return { ok: false, reason: "bad_server" }
  const { locator } = feed
  const problem = addressProblem(feedNeeds(locator), {
    primary: profile === primaryProfileId,
    hasLogin: login !== undefined,
    ownServer: server !== originOf(source.url),
  })
  if (problem !== null || (locator.kind === "xtream" && login === undefined))
    return { ok: false, reason: problem ?? "no_login" }
  if (locator.kind === "url") {
    if (catchup !== undefined) return { ok: false, reason: "no_catchup" }
    return { ok: true, url: fillTemplate(locator.template, source, profile) }
  }
  // A series without an extension is the title; only its episodes are files.
  if (locator.extension === "") return { ok: false, reason: "not_a_stream" }
  const { username, password } = login ?? { username: "", password: "" }
  const { streamId, extension } = locator
  if (catchup?.form === "query") {
    const query = new URLSearchParams({ username, password, stream: streamId, start: catchup.start })
    return { ok: true, url: `${server}/streaming/timeshift.php?${query}&duration=${catchup.minutes}` }
  }
  const file = `${streamId}.${extension}`
  const parts =
    catchup === undefined
      ? [locator.type ?? "live", username, password, file]
      : ["timeshift", username, password, String(catchup.minutes), catchup.start, file]
  return { ok: true, url: `${server}/${parts.map(encodeURIComponent).join("/")}` }
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
