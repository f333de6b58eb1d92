import { changedSourceSchema, newSourceSchema, orderSchema } from "@tributary/shared/admin-api/sources"
import { errorResponse } from "@tributary/shared/http/errors"
import { changeSource } from "@tributary/shared/store/change-source"
import { orderSources } from "@tributary/shared/store/order-sources"
import { readSourceRecords, unsealSource } from "@tributary/shared/store/read-config"
import { removeSource } from "@tributary/shared/store/remove-source"
import { addSource, saveSource } from "@tributary/shared/store/save-source"
import type { Context } from "hono"
import type { Bindings } from "../../bindings.ts"
import { type Edge, edgeOf } from "../../edge.ts"
import { fromStore } from "../../store-unavailable.ts"
import { parseBody } from "../parse-request.ts"
import { wakeImporter } from "../wake-importer.ts"
import { findSource, notSaved, unknownSource } from "./find-source.ts"
import { sourceRow } from "./source-rows.ts"
import { sourceStore } from "./source-store.ts"

type Request = Context<{ Bindings: Bindings }>

const idOf = (context: Request) => context.req.param("id") ?? ""

/** `GET /api/sources`: the sources that are configured, in their order, each with its profiles; logins are masked. */
export async function listSources(context: Request): Promise<Response> {
  return context.json(await sourceRows(await edgeOf(context.env)))
}

/** `GET /api/sources/{id}`: one of them. */
export async function getSource(context: Request): Promise<Response> {
  const source = await findSource(await edgeOf(context.env), idOf(context))
  return source === null ? unknownSource(idOf(context)) : context.json(sourceRow(source))
}

/**
 * `POST /api/sources`: a source as in the configuration file, which is imported at once. It stays until it is deleted,
 * or a configuration names one with its id.
 */
export async function postSource(context: Request): Promise<Response> {
  const body = await parseBody(context.req, newSourceSchema)
  if (!body.ok) return errorResponse("bad_request", body.message)
  const edge = await edgeOf(context.env)
  const saved = await addSource(sourceStore(edge), body.value)
  if (!saved.ok) return notSaved(body.value.id ?? "", saved)
  if (saved.jobs.length > 0) wakeImporter(context, edge)
  return context.json(sourceRow(saved.source), 201)
}

/**
 * `PATCH /api/sources/{id}`: what is not given stays, null removes what may be missing, and of `headers` only those
 * that are named change. Address and login are the primary profile's too. What a configuration names is as that says
 * again at the next start.
 */
export async function patchSource(context: Request): Promise<Response> {
  const body = await parseBody(context.req, changedSourceSchema)
  if (!body.ok) return errorResponse("bad_request", body.message)
  const edge = await edgeOf(context.env)
  const saved = await saveSource(sourceStore(edge), idOf(context), (source) =>
    changeSource(source, body.value),
  )
  if (!saved.ok) return notSaved(idOf(context), saved)
  if (saved.jobs.length > 0) wakeImporter(context, edge)
  return context.json(sourceRow(saved.source))
}

/** `DELETE /api/sources/{id}`: its channels are gone with the next snapshot, which is made at once. */
export async function deleteSource(context: Request): Promise<Response> {
  const edge = await edgeOf(context.env)
  const removed = await removeSource(sourceStore(edge), idOf(context))
  if (!removed.ok) return notSaved(idOf(context), removed)
  wakeImporter(context, edge)
  return context.json({ deleted: true })
}

/** `PUT /api/sources/order`: every source's id, in the wanted order. Answers the sources. */
export async function putSourceOrder(context: Request): Promise<Response> {
  const body = await parseBody(context.req, orderSchema)
  if (!body.ok) return errorResponse("bad_request", body.message)
  const edge = await edgeOf(context.env)
  const saved = await orderSources(sourceStore(edge), body.value.ids)
  if (!saved.ok) return notSaved("", saved)
  if (saved.isChanged) wakeImporter(context, edge)
  return context.json(await sourceRows(edge))
}

async function sourceRows(edge: Edge) {
  const records = await fromStore(readSourceRecords(edge.redis))
  const rows = [...records.values()].map(async (record) =>
    sourceRow({ record, secret: await unsealSource(edge.keys, record) }),
  )
  return Promise.all(rows)
}
