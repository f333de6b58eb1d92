import type { z } from "zod"

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

/** Shown of every password, so that none can be told from another by it. */
export const maskedPassword = "••••"

interface Login {
  url?: string | null | undefined
  username?: string | undefined
  password?: string | undefined
}

/** Refuses what this API shows in place of a login: a form that sends it back would overwrite the real one. */
export function refuseMasks({ url, username, password }: Login, context: z.RefinementCtx): void {
  const masked = {
    url: url?.endsWith(end),
    username: username !== undefined && /^.?•••$/su.test(username),
    password: password === maskedPassword,
  }
  for (const [key, isMasked] of Object.entries(masked))
    if (isMasked)
      context.addIssue({
        code: "custom",
        path: [key],
        message: "is what is shown in its place; leave it out, or write it in full",
      })
}
