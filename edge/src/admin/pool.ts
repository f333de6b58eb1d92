import { type ProfileStatus, readPool } from "@tributary/shared/lease/pool-status"
import type { Context } from "hono"
import type { Bindings } from "../bindings.ts"
import { edgeOf } from "../edge.ts"
import { unknownSource } from "./find-source.ts"

/** How full a source is. What has no limit, or was not said yet, is null. */
export interface PoolRow {
  /** Connections that we hold. */
  active: number
  /** As many as its usable profiles may have, those included that somebody else holds. */
  total: number | null
  /** How many more may be opened now. */
  available: number | null
  /** In the order in which they are tried. */
  profiles: PoolProfileRow[]
}

/** Times are Unix milliseconds, as everywhere in the admin API. */
export interface PoolProfileRow
  extends Pick<
    ProfileStatus,
    "id" | "name" | "primary" | "active" | "max" | "enabled" | "priority" | "elsewhere"
  > {
  available: number | null
  /** Why it is not used: disabled, expired, banned, wrong_password, refused, recovering; null: it is. */
  reason: string | null
  /** What the provider said last, and when. */
  status: string | null
  expiresAt: number | null
  reportedAt: number | null
}

/** `GET /api/sources/{id}/pool`: by the very rules that viewers are admitted by. */
export async function getPool(context: Context<{ Bindings: Bindings }>): Promise<Response> {
  const edge = await edgeOf(context.env)
  const id = context.req.param("id") ?? ""
  const profiles = await readPool(edge.run, id)
  return profiles === null ? unknownSource(id) : context.json(poolRow(profiles))
}

export function poolRow(profiles: readonly ProfileStatus[]): PoolRow {
  const usable = profiles.filter(({ reason }) => reason === null)
  return {
    active: profiles.reduce((sum, profile) => sum + profile.active, 0),
    total: sumOf(usable.map(({ max }) => max)),
    available: sumOf(usable.map(({ room }) => room)),
    profiles: profiles.map(profileRow),
  }
}

function profileRow(profile: ProfileStatus): PoolProfileRow {
  const { id, name, primary, active, max, enabled, priority, expiresAt, elsewhere, reason } = profile
  // A refusal is noted before the provider was asked for the first time.
  const isReported = (profile.reportedAt ?? 0) > 0
  return {
    ...{ id, name, primary, active, max, enabled, priority, expiresAt, elsewhere },
    available: reason === null ? profile.room : 0,
    status: isReported ? profile.status : null,
    reason,
    reportedAt: isReported ? profile.reportedAt : null,
  }
}

/** Null when one of them has no limit. */
function sumOf(numbers: readonly (number | null)[]): number | null {
  return numbers.reduce((sum, number) => (sum === null || number === null ? null : sum + number), 0)
}
