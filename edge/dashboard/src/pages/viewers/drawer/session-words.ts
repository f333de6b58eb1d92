import type { ViewerSession } from "@tributary/shared/admin-api/viewers"

/** What kind of thing a session plays; null: the catalogue does not have it any more. */
export function kindInWords(kind: ViewerSession["kind"]): string {
  switch (kind) {
    case "live":
      return "Live"
    case "movie":
      return "Movie"
    case "episode":
      return "Episode"
    case "catchup":
      return "What is past"
    case null:
      return "Not in the catalogue any more"
  }
}

/**
 * Names of the network addresses that these sessions are from, which are known by digests only: `address 1` is the one
 * of the session that began first. Null when all are from the same one, or from one that is not known.
 */
export function addressNames(sessions: readonly ViewerSession[]): (digest: string) => string | null {
  const oldestFirst = [...sessions].sort((a, b) => a.since - b.since)
  const digests = [...new Set(oldestFirst.map(({ addressDigest }) => addressDigest))]
  return (digest) => (digests.length < 2 || digest === "" ? null : `address ${digests.indexOf(digest) + 1}`)
}
