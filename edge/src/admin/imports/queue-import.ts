import { errorResponse } from "@tributary/shared/http/errors"
import { guideJob, keys, publishJob } from "@tributary/shared/store/keys"
import type { SourceRecord } from "@tributary/shared/store/records"
import type { Context } from "hono"
import type { Bindings } from "../../bindings.ts"
import { type Edge, edgeOf } from "../../edge.ts"
import { fromStore } from "../../store-unavailable.ts"
import { wakeImporter } from "../wake-importer.ts"

type Request = Context<{ Bindings: Bindings }>

/**
 * `POST /api/sources/{id}/import`: the source is due at once. `?accept=shrunken`: its list really shrank, so
 * the next import takes it as it is.
 */
export async function importSource(context: Request): Promise<Response> {
  const edge = await edgeOf(context.env)
  const id = context.req.param("id") ?? ""
  const accept = context.req.query("accept")
  if (accept !== undefined && accept !== "shrunken")
    return errorResponse("bad_request", 'accept: must be "shrunken"')
  const stored = await fromStore(edge.redis.hget<string>(keys.sources, id))
  if (stored === null) return errorResponse("unknown_source", `There is no source "${id}".`)
  if (!(JSON.parse(stored) as SourceRecord).enabled)
    return errorResponse("bad_request", "This source is disabled, so it is not imported.")
  return queue(context, edge, id, accept === undefined ? [] : [id])
}

/** `POST /api/epg/import`: the guides that are configured on their own are due at once. */
export async function importGuides(context: Request): Promise<Response> {
  const edge = await edgeOf(context.env)
  const isConfigured = (await fromStore(edge.redis.exists(keys.epg))) > 0
  if (!isConfigured)
    return errorResponse("bad_request", "No guide is configured; those of sources come with their import.")
  return queue(context, edge, guideJob(null))
}

/** `POST /api/imports/publish`: a snapshot is made at once. */
export async function publishNow(context: Request): Promise<Response> {
  return queue(context, await edgeOf(context.env), publishJob)
}

async function queue(
  context: Request,
  edge: Edge,
  job: string,
  accepted: readonly string[] = [],
): Promise<Response> {
  const change = edge.redis.multi()
  // Before it is due, so that no import can miss it.
  for (const source of accepted) change.hset(keys.importsAccept, { [source]: "1" })
  change.zadd(keys.importsDue, { score: 0, member: job })
  await fromStore(change.exec())
  wakeImporter(context, edge)
  return context.json({ queued: true }, 202)
}
