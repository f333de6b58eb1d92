import type { PoolProfileRow, ProfileRow } from "@tributary/shared/admin-api/sources"
import { fromNow } from "../../../parts/figures.ts"
import { expiryWords } from "../../../parts/pool/pool-words.ts"

/** What else is to be known of a profile, each in a few words. */
export function profileDetails(
  { username, hasLogin, maxStreams, ownServer, url, primary }: ProfileRow,
  pool: PoolProfileRow | undefined,
  now: number,
): string[] {
  return [
    hasLogin ? `Login ${username}` : "No login",
    maxStreams === null || maxStreams === 0 ? "" : `Our limit ${maxStreams}`,
    ownServer && !primary ? `Own server ${url}` : "",
    pool?.expiresAt == null ? "" : expiryWords(pool.expiresAt, now),
    reportWords(pool, now),
  ].filter((words) => words !== "")
}

function reportWords(pool: PoolProfileRow | undefined, now: number): string {
  if (pool === undefined) return ""
  if (pool.reportedAt === null) return "Not checked yet"
  const status = pool.status === null ? "" : `, ${pool.status.replaceAll("_", " ")}`
  return `Checked ${fromNow(pool.reportedAt, now)}${status}`
}
