import type { SourceRow } from "@tributary/shared/admin-api/sources"

/** How people call a source. */
export const titleOf = ({ id, name }: Pick<SourceRow, "id" | "name">): string => name ?? id

export const typeWords = { xtream: "Xtream server", m3u: "M3U list" } as const

/** What becomes of changes of a source that is not the API's own; null: they stay. */
export function originWords(origin: SourceRow["origin"]): string | null {
  switch (origin) {
    case "api":
      return null
    case "demo":
      return "It comes with the system, and goes at the next start when there is another source."
    case "file":
      return "The configuration file names it: what is changed here lasts until the next start."
    case "environment":
      return "SOURCES names it: what is changed here lasts until the next start."
  }
}

/** What goes with a source that is deleted. */
export function deletionWords({ origin, profiles }: Pick<SourceRow, "origin" | "profiles">): string {
  const logins = profiles.length === 1 ? "its login is" : `its ${profiles.length} profiles are`
  const back = origin === "file" || origin === "environment"
  return [
    `Its channels, movies and series leave the playlist at once, and ${logins} deleted.`,
    "Channels that other sources have too stay with those.",
    ...(back ? ["The configuration names it, so it is back at the next start."] : []),
  ].join(" ")
}
