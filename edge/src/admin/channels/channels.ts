import { bulkEditSchema } from "@tributary/shared/admin-api/channels"
import { channelEditSchema } from "@tributary/shared/catalogue/edit"
import { errorResponse } from "@tributary/shared/http/errors"
import type { AdminRow } from "@tributary/shared/snapshot/manifest"
import { readEdits, readEditsOf } from "@tributary/shared/store/edits"
import type { Context } from "hono"
import type { Bindings } from "../../bindings.ts"
import { type Edge, edgeOf } from "../../edge.ts"
import { fromStore } from "../../store-unavailable.ts"
import { parseBody, parseQuery } from "../parse-request.ts"
import { wakeImporter } from "../wake-importer.ts"
import { findRows, queryRows } from "./channel-rows.ts"
import { mergeTargets } from "./check-edits.ts"
import { editChannels } from "./edit-channels.ts"
import { readFeedStates } from "./feed-states.ts"
import { rowQuerySchema } from "./row-filter.ts"

type Request = Context<{ Bindings: Bindings }>

/** `GET /api/channels`: a page of rows as they are published, each with its edit as it is stored. */
export async function listChannels(context: Request): Promise<Response> {
  const query = parseQuery(context.req, rowQuerySchema)
  if (!query.ok) return errorResponse("bad_request", query.message)
  const edge = await edgeOf(context.env)
  const { total, rows } = await queryRows(edge, query.value)
  const edits = await fromStore(
    readEditsOf(
      edge.redis,
      rows.map(({ id }) => id),
    ),
  )
  const channels = rows.map((row) => ({ ...shown(edge, row), edit: edits.get(row.id) ?? null }))
  return context.json({ total, offset: query.value.offset, limit: query.value.limit, channels })
}

/**
 * `GET /api/channels/{id}`: a row with its edit, and what stands in the way of its feeds. Of a channel that the snapshot
 * does not have (it vanished, or is merged into another one) only what is stored.
 */
export async function getChannel(context: Request): Promise<Response> {
  const edge = await edgeOf(context.env)
  const id = context.req.param("id") ?? ""
  const [edits, rows, found] = await Promise.all([
    fromStore(readEdits(edge.redis)),
    findRows(edge, new Set([id])),
    edge.snapshots.findChannel(id, Date.now()),
  ])
  const edit = edits.get(id) ?? null
  const mergedInto = mergeTargets(edits).get(id) ?? null
  const row = rows.get(id)
  if (row !== undefined) {
    // What is hidden is not in the index.
    const states = await readFeedStates(edge, found?.id === id ? found.channel.feeds : [])
    const feeds = row.feeds.map((feed) => ({ ...feed, ...states.get(feed.id) }))
    return context.json({ ...shown(edge, row), feeds, edit })
  }
  if (edit !== null || mergedInto !== null) return context.json({ id, absent: true, mergedInto, edit })
  return errorResponse("unknown_channel", `There is no channel "${id}".`)
}

/** `PATCH /api/channels/{id}`: changes the given keys of its edit, null removes one; gives the new edit. */
export async function patchChannel(context: Request): Promise<Response> {
  const body = await parseBody(context.req, channelEditSchema)
  if (!body.ok) return errorResponse("bad_request", body.message)
  const edge = await edgeOf(context.env)
  const id = context.req.param("id") ?? ""
  const edited = await editChannels(edge, new Map([[id, body.value]]))
  if (!edited.ok) return errorResponse(edited.code, edited.message)
  if (edited.changed) wakeImporter(context, edge)
  return context.json({ id, edit: edited.edits.get(id) ?? null })
}

/** `PATCH /api/channels`: the same change of many channels, of all or of none. */
export async function patchChannels(context: Request): Promise<Response> {
  const body = await parseBody(context.req, bulkEditSchema)
  if (!body.ok) return errorResponse("bad_request", body.message)
  const edge = await edgeOf(context.env)
  const { ids, edit, numberFrom } = body.value
  const changes = [...new Set(ids)].map(
    (id, at) => [id, { ...edit, ...(numberFrom === undefined ? {} : { number: numberFrom + at }) }] as const,
  )
  const edited = await editChannels(edge, new Map(changes))
  if (!edited.ok)
    return errorResponse(
      edited.code,
      edited.code === "bad_request" ? `edit.${edited.message}` : edited.message,
    )
  if (edited.changed) wakeImporter(context, edge)
  return context.json({ channels: [...edited.edits].map(([id, edit]) => ({ id, edit })) })
}

/** A row with its logo's address also where we serve it. */
function shown({ config }: Edge, row: AdminRow): AdminRow {
  return row.logo === row.id ? { ...row, logo: `${config.BASE_URL}/logo/${row.id}` } : row
}
