import type { ViewerRow } from "@tributary/shared/admin-api/viewers"
import type { ViewerRecord } from "@tributary/shared/store/records"

/** A viewer as the admin API shows them; `sessions`: how many they have now. */
export function viewerRow(record: ViewerRecord, sessions: number): ViewerRow {
  const { username, maxStreams, groups, expiresAt, enabled, whenFull, origin } = record
  return {
    ...{ username, maxStreams: maxStreams ?? null, groups: groups ?? null },
    ...{ expiresAt, enabled, whenFull, origin, sessions },
  }
}
