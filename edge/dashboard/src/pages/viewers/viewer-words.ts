import type { ViewerRow } from "@tributary/shared/admin-api/viewers"
import { count, dateTime } from "../../parts/figures.ts"

export type ViewerState = "enabled" | "expired" | "disabled"

/** Whether a viewer is let in now; `now` in Unix milliseconds. */
export function stateOf({ enabled, expiresAt }: ViewerRow, now: number): ViewerState {
  if (!enabled) return "disabled"
  return expiresAt !== null && expiresAt <= now ? "expired" : "enabled"
}

/** A limit of 0 is none, as null is. */
export const limitOf = ({ maxStreams }: ViewerRow): number | null => (maxStreams === 0 ? null : maxStreams)

/** `1 / 2`: sessions now, and how many there may be; without a limit the first alone. */
export function sessionsInWords(row: ViewerRow): string {
  const limit = limitOf(row)
  return limit === null ? count(row.sessions) : `${count(row.sessions)} / ${count(limit)}`
}

const mostNamed = 3

/** `All`, or the first few names and how many more there are. */
export function groupsInWords({ groups }: ViewerRow): string {
  if (groups === null) return "All"
  if (groups.length === 0) return "None"
  const named = groups.slice(0, mostNamed).join(", ")
  return groups.length > mostNamed ? `${named} and ${count(groups.length - mostNamed)} more` : named
}

export const expiryInWords = ({ expiresAt }: ViewerRow): string =>
  expiresAt === null ? "Never" : dateTime(expiresAt)

/** What is to be known of a viewer that was not added here; null: nothing. */
export function originInWords(origin: ViewerRow["origin"]): string | null {
  switch (origin) {
    case "file":
      return "The configuration file names this viewer: at the next start they are as it says again."
    case "environment":
      return "A variable names this viewer: at the next start they are as it says again."
    case "demo":
      return "This viewer stands in while none is added. Once they are changed here, they stay."
    case "api":
      return null
  }
}

/** Viewers whose username has this text, whatever its case. */
export function matching(viewers: readonly ViewerRow[], search: string): readonly ViewerRow[] {
  const wanted = search.trim().toLowerCase()
  return wanted === "" ? viewers : viewers.filter(({ username }) => username.toLowerCase().includes(wanted))
}
