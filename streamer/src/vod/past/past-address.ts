import type { Feed, Locator } from "@tributary/shared/catalogue/entry"
import type { AddressProblem } from "@tributary/shared/catalogue/feed-needs"
import type { SealedSource } from "@tributary/shared/store/records"
import { fillTemplate, profileParts } from "../../upstream/feed-address.ts"
import { fillMoment, type Moment } from "./fill-moment.ts"
import { flussonicTemplates, isFlussonic } from "./flussonic-past.ts"
import {
  isAccountStream,
  listedXtreamTemplates,
  type PastForm,
  type PastTemplate,
  xtreamTemplates,
} from "./xtream-past.ts"

/** One way of asking for the past. */
export interface PastAddress {
  form: PastForm
  url: string
}

/**
 * Why there is none. `too_old`: before what is kept; `in_the_future`: it has not begun; `bad_template`: a placeholder
 * means nothing; `no_catchup`: the feed has none, or of a kind that is not known.
 */
export type NoPast =
  | { reason: AddressProblem | "bad_server" | "no_catchup" | "too_old" | "in_the_future" }
  | { reason: "bad_template"; placeholder: string }

export type PastAddresses = { ok: true; addresses: PastAddress[] } | ({ ok: false } & NoPast)

const secondsPerDay = 24 * 60 * 60
const secondsPerHour = 60 * 60
const none = { ok: false, reason: "no_catchup" } as const

/**
 * The addresses at which a feed's past can be had with one profile, the likeliest first: where one is not answered, the
 * next may be. Never with another profile's login.
 */
export function pastAddresses(
  { locator, catchup }: Pick<Feed, "locator" | "catchup">,
  source: SealedSource,
  profile: string,
  asked: Moment,
): PastAddresses {
  if (catchup === undefined) return none
  if (asked.start >= asked.now) return { ok: false, reason: "in_the_future" }
  if (asked.start < asked.now - catchup.days * secondsPerDay) return { ok: false, reason: "too_old" }
  const correctionSeconds = Math.round((catchup.correctionHours ?? 0) * secondsPerHour)
  // As IPTV Simple has it: with -1, an hour later is asked for.
  const moment = { ...asked, start: asked.start - correctionSeconds }
  if (locator.kind === "xtream") {
    if (locator.type !== undefined) return none
    const made = profileParts(locator, source, profile)
    if (!made.ok) return made
    const { server, username, password } = made.parts
    const parts = { server, username: encodeURIComponent(username), password: encodeURIComponent(password) }
    const stream = { streamId: encodeURIComponent(locator.streamId), extension: locator.extension || "ts" }
    return {
      ok: true,
      addresses: xtreamTemplates(parts, stream, moment).map(({ form, template }) => ({
        form,
        url: template,
      })),
    }
  }
  const templates = listedTemplates(locator, catchup, moment)
  if (templates === null) return none
  if (!Array.isArray(templates)) return templates
  const addresses: PastAddress[] = []
  for (const { form, template } of templates) {
    // It may need more of the profile than the live address does.
    const made = profileParts({ kind: "url", template }, source, profile)
    if (!made.ok) return made
    addresses.push({ form, url: fillTemplate(template, source, profile) })
  }
  return { ok: true, addresses }
}

type BadTemplate = { ok: false; reason: "bad_template"; placeholder: string }

/** With the moment filled in, but not the profile; null for a kind that is not known, or that says too little. */
function listedTemplates(
  { template: live }: Extract<Locator, { kind: "url" }>,
  { kind, source }: NonNullable<Feed["catchup"]>,
  moment: Moment,
): PastTemplate[] | BadTemplate | null {
  if (kind === "default" || isFlussonic(kind)) {
    if (source !== undefined) return filled([{ form: "default", template: source }], moment)
    return kind === "default" ? null : flussonicTemplates(kind, live, moment)
  }
  if (kind === "xc" || kind === "xtream") {
    if (source !== undefined) return filled([{ form: "default", template: source }], moment)
    return listedXtreamTemplates(live, moment)
  }
  if (kind !== "append" && kind !== "shift") return null
  if (source === undefined && kind === "append") return null
  const suffix = source ?? "?utc={utc}&lutc={lutc}"
  const isWhole = /^(?:[a-z][a-z0-9+.-]*:|\{server\})/i.test(suffix)
  if (isWhole) return filled([{ form: kind, template: suffix }], moment)
  const part = fillMoment(suffix, moment)
  if (!part.ok) return { ok: false, reason: "bad_template", placeholder: part.placeholder }
  const shifted: PastTemplate = { form: kind, template: joined(live, part.text) }
  // Lists of panels say only how many days: a panel takes no notice of `?utc=`, and would send what is live.
  const xtream = source === undefined && isAccountStream(live) ? listedXtreamTemplates(live, moment) : null
  return [...(xtream ?? []), shifted]
}

/** The suffix as a further part of a query, or as the first one. */
function joined(address: string, suffix: string): string {
  if (!/^[?&]/.test(suffix)) return address + suffix
  return `${address}${address.includes("?") ? "&" : "?"}${suffix.slice(1)}`
}

function filled(templates: PastTemplate[], moment: Moment): PastTemplate[] | BadTemplate {
  const result: PastTemplate[] = []
  for (const { form, template } of templates) {
    const part = fillMoment(template, moment)
    if (!part.ok) return { ok: false, reason: "bad_template", placeholder: part.placeholder }
    result.push({ form, template: part.text })
  }
  return result
}
