import type { PoolProfileRow, PoolRow } from "@tributary/shared/admin-api/sources"
import { type ProfileStatus, readPool } from "@tributary/shared/lease/pool-status"
import type { Context } from "hono"
import type { Bindings } from "../../bindings.ts"
import { edgeOf } from "../../edge.ts"
import { unknownSource } from "./find-source.ts"

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
