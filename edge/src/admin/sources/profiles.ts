import { changedProfileSchema, newProfileSchema, orderSchema } from "@tributary/shared/admin-api/sources"
import { errorResponse } from "@tributary/shared/http/errors"
import {
  addProfile,
  changeProfile,
  orderProfiles,
  removeProfile,
} from "@tributary/shared/store/change-profile"
import { type Saved, saveSource } from "@tributary/shared/store/save-source"
import type { OpenSource } from "@tributary/shared/store/source-record"
import type { Refusal } from "@tributary/shared/store/source-store"
import type { Context } from "hono"
import type { Bindings } from "../../bindings.ts"
import { edgeOf } from "../../edge.ts"
import { parseBody } from "../parse-request.ts"
import { wakeImporter } from "../wake-importer.ts"
import { findSource, notSaved, unknownProfile, unknownSource } from "./find-source.ts"
import { profileRow, profileRows } from "./source-rows.ts"
import { sourceStore } from "./source-store.ts"

type Request = Context<{ Bindings: Bindings }>

const sourceOf = (context: Request) => context.req.param("id") ?? ""
const profileOf = (context: Request) => context.req.param("profile") ?? ""

/** `GET /api/sources/{id}/profiles`: the primary first; logins are masked. */
export async function listProfiles(context: Request): Promise<Response> {
  const id = sourceOf(context)
  const source = await findSource(await edgeOf(context.env), id)
  return source === null ? unknownSource(id) : context.json(profileRows(source))
}

/** `GET /api/sources/{id}/profiles/{profileId}` */
export async function getProfile(context: Request): Promise<Response> {
  const id = sourceOf(context)
  const source = await findSource(await edgeOf(context.env), id)
  if (source === null) return unknownSource(id)
  const row = profileRow(source, profileOf(context))
  return row === undefined ? unknownProfile(id, profileOf(context)) : context.json(row)
}

/**
 * `POST /api/sources/{id}/profiles`: a profile as in the configuration file. It stays when that is read again,
 * unless the file names one with the same id.
 */
export async function postProfile(context: Request): Promise<Response> {
  const body = await parseBody(context.req, newProfileSchema)
  if (!body.ok) return errorResponse("bad_request", body.message)
  const saved = await save(context, (source) => addProfile(source, body.value))
  return saved instanceof Response ? saved : context.json(profileRow(saved.source, saved.profile), 201)
}

/**
 * `PATCH /api/sources/{id}/profiles/{profileId}`: what is not given stays. Of the primary, address and login are
 * the source's own, and its list is read anew. A profile that a configuration names is as that says again at
 * the next start.
 */
export async function patchProfile(context: Request): Promise<Response> {
  const body = await parseBody(context.req, changedProfileSchema)
  if (!body.ok) return errorResponse("bad_request", body.message)
  const saved = await save(context, (source) => changeProfile(source, profileOf(context), body.value))
  return saved instanceof Response ? saved : context.json(profileRow(saved.source, saved.profile))
}

/** `DELETE /api/sources/{id}/profiles/{profileId}`: all but the primary. */
export async function deleteProfile(context: Request): Promise<Response> {
  const saved = await save(context, (source) => removeProfile(source, profileOf(context)))
  return saved instanceof Response ? saved : context.json({ deleted: true })
}

/**
 * `PUT /api/sources/{id}/profiles/order`: every profile's id, the primary's included, in the order in which they are
 * to be tried. Answers the profiles.
 */
export async function putProfileOrder(context: Request): Promise<Response> {
  const body = await parseBody(context.req, orderSchema)
  if (!body.ok) return errorResponse("bad_request", body.message)
  const saved = await save(context, (source) => orderProfiles(source, body.value.ids))
  return saved instanceof Response ? saved : context.json(profileRows(saved.source))
}

/** The source with its change in force, or why it is not. */
async function save<Change extends { ok: true; source: OpenSource } | Refusal>(
  context: Request,
  change: (source: OpenSource) => Change,
): Promise<Extract<Saved<Change>, { ok: true }> | Response> {
  const edge = await edgeOf(context.env)
  const saved = await saveSource(sourceStore(edge), sourceOf(context), change)
  if (!saved.ok) return notSaved(sourceOf(context), saved)
  if (saved.jobs.length > 0) wakeImporter(context, edge)
  return saved
}
