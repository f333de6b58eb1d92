import type * as z from "zod"

const dots = "•••"
const end = "/…"

/** What may be shown of a provider's address: its path and query may hold credentials. */
export function maskedUrl(address: string): string {
  const url = URL.parse(address)
  return url === null ? "…" : `${url.protocol}//${url.host}${end}`
}

/** A username's first letter, which tells accounts apart; of a short one nothing. */
export function maskedUsername(username: string): string {
  const letters = [...username]
  return letters.length < 4 ? dots : `${letters[0]}${dots}`
}

/** Shown of every password and of every header's value, so that none can be told from another by it. */
export const maskedPassword = "••••"

interface Login {
  url?: string | null | undefined
  username?: string | null | undefined
  password?: string | null | undefined
}

interface Secrets extends Login {
  epgUrl?: string | null | undefined
  headers?: Record<string, string | null> | null | undefined
  profiles?: readonly Login[] | undefined
}

/** Refuses what the admin API shows in place of a secret: a form that sends it back would overwrite the real one. */
export function refuseMasks(given: Secrets, context: z.RefinementCtx): void {
  const message = "is what is shown in its place; leave it out, or write it in full"
  for (const path of pathsOfMasks(given)) context.addIssue({ code: "custom", path, message })
}

function pathsOfMasks(given: Secrets): (string | number)[][] {
  const { url, epgUrl, username, password, headers, profiles = [] } = given
  const isMasked = {
    url: isMaskedUrl(url),
    epgUrl: isMaskedUrl(epgUrl),
    username: username != null && /^.?•••$/su.test(username),
    password: password === maskedPassword,
  }
  return [
    ...Object.entries(isMasked).flatMap(([key, masked]) => (masked ? [[key]] : [])),
    ...Object.entries(headers ?? {}).flatMap(([name, value]) =>
      value === maskedPassword ? [["headers", name]] : [],
    ),
    ...profiles.flatMap((profile, index) =>
      pathsOfMasks(profile).map((path) => ["profiles", index, ...path]),
    ),
  ]
}

const isMaskedUrl = (url: string | null | undefined) => url?.endsWith(end) === true
