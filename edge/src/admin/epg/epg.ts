import {
  changedGuideSchema,
  type GuideRow,
  guideOrderSchema,
  newGuideSchema,
} from "@tributary/shared/admin-api/epg"
import { maskedUrl } from "@tributary/shared/admin-api/mask"
import { errorResponse } from "@tributary/shared/http/errors"
import {
  addGuide,
  changeGuide,
  type GuideList,
  type GuidesChange,
  orderGuides,
  removeGuide,
} from "@tributary/shared/store/change-guides"
import { newGuide, openGuides } from "@tributary/shared/store/epg"
import { keys } from "@tributary/shared/store/keys"
import { saveGuides } from "@tributary/shared/store/save-guides"
import type { Context } from "hono"
import { type Edge, edgeOf } from "../../edge.ts"
import { fromStore, StoreBusyError } from "../../store-unavailable.ts"
import { parseBody } from "../parse-request.ts"
import type { AdminEnvironment } from "../session/require-admin.ts"
import { wakeImporter } from "../wake-importer.ts"

type Request = Context<AdminEnvironment>

const idOf = (context: Request) => context.req.param("id") ?? ""

/** `GET /api/epg`: the guides that are configured on their own; paths and queries may hold credentials. */
export async function listGuides(context: Request): Promise<Response> {
  const edge = await edgeOf(context.env)
  return context.json(rowsOf(await openGuides(edge.keys, (await storedText(edge)) ?? "")))
}

/** `GET /api/epg/{id}` */
export async function getGuide(context: Request): Promise<Response> {
  const edge = await edgeOf(context.env)
  const rows = rowsOf(await openGuides(edge.keys, (await storedText(edge)) ?? ""))
  const row = rows.find(({ id }) => id === idOf(context))
  return row === undefined
    ? errorResponse("not_found", `There is no guide "${idOf(context)}".`)
    : context.json(row)
}

/** `POST /api/epg`: the last one from now on. It stays when the configuration file is read again. */
export async function postGuide(context: Request): Promise<Response> {
  const body = await parseBody(context.req, newGuideSchema)
  if (!body.ok) return errorResponse("bad_request", body.message)
  const { keys: secretKeys } = await edgeOf(context.env)
  const guide = await newGuide(secretKeys, body.value.url, "api")
  const saved = await save(context, (guides) => addGuide(guides, guide))
  return saved instanceof Response ? saved : context.json(rowOf(saved), 201)
}

/** `PATCH /api/epg/{id}`: another address, by which it has another id. */
export async function patchGuide(context: Request): Promise<Response> {
  const body = await parseBody(context.req, changedGuideSchema)
  if (!body.ok) return errorResponse("bad_request", body.message)
  const { keys: secretKeys } = await edgeOf(context.env)
  const { url } = body.value
  const next = url === undefined ? null : await newGuide(secretKeys, url, "api")
  const saved = await save(context, (guides) => changeGuide(guides, idOf(context), next))
  return saved instanceof Response ? saved : context.json(rowOf(saved))
}

/** `DELETE /api/epg/{id}` */
export async function deleteGuide(context: Request): Promise<Response> {
  const saved = await save(context, (guides) => removeGuide(guides, idOf(context)))
  return saved instanceof Response ? saved : context.json({ deleted: true })
}

/** `PUT /api/epg/order`: every id, in the wanted order. */
export async function putGuideOrder(context: Request): Promise<Response> {
  const body = await parseBody(context.req, guideOrderSchema)
  if (!body.ok) return errorResponse("bad_request", body.message)
  const saved = await save(context, (guides) => orderGuides(guides, body.value.ids))
  return saved instanceof Response ? saved : context.json(rowsOf(saved.guides))
}

/** The guides with the change in force, and their import due; or why they are as they were. */
async function save(
  context: Request,
  change: (guides: GuideList) => GuidesChange,
): Promise<Extract<GuidesChange, { ok: true }> | Response> {
  const edge = await edgeOf(context.env)
  const store = { secretKeys: edge.keys, read: () => storedText(edge), run: edge.run }
  const saved = await saveGuides(store, change)
  if (saved.ok) {
    if (saved.changed) wakeImporter(context, edge)
    return saved
  }
  if (saved.code === "busy") throw new StoreBusyError("the guides change all the time")
  return errorResponse(saved.code, saved.message)
}

const storedText = (edge: Edge) => fromStore(edge.redis.get<string>(keys.epg))

function rowsOf(guides: GuideList): GuideRow[] {
  return guides.map(({ id, url, origin }, at) => ({ id, url: maskedUrl(url), origin, position: at + 1 }))
}

const rowOf = ({ guides, id }: { guides: GuideList; id: string }) =>
  rowsOf(guides).find((row) => row.id === id)
