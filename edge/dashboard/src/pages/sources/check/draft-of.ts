import { type SourceTest, sourceTestSchema } from "@tributary/shared/admin-api/sources"
import type { SourceValues } from "../form/source-values.ts"

type Typed = Pick<SourceValues, "type" | "url" | "username" | "password" | "userAgent" | "headers">

/** What of the form can be tested; null: something that is needed for it is not there, or is wrong. */
export function draftOf({ type, url, username, password, userAgent, headers }: Typed): SourceTest | null {
  const named = headers.filter(({ name, value }) => name !== "" && value !== "")
  const texts = { url: url.trim(), username: username.trim(), password, userAgent: userAgent.trim() }
  const given = Object.entries(texts).filter(([, text]) => text !== "")
  const parsed = sourceTestSchema.safeParse({
    type,
    ...Object.fromEntries(given),
    ...(named.length > 0 && {
      headers: Object.fromEntries(named.map(({ name, value }) => [name.trim(), value])),
    }),
  })
  return parsed.success && hasHost(parsed.data.url) ? parsed.data : null
}

// `http://tv.` goes on.
const hasHost = (url: string) => !new URL(url).hostname.endsWith(".")
