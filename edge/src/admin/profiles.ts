import { profilePatchSchema, profileSchema } from "@tributary/shared/config/config-file"
import { errorResponse } from "@tributary/shared/http/errors"
import {
  addProfile,
  changeProfile,
  type ProfileChange,
  removeProfile,
} from "@tributary/shared/store/change-profile"
import { saveProfile } from "@tributary/shared/store/save-profile"
import type { OpenSource } from "@tributary/shared/store/source-record"
import type { Context } from "hono"
import type { Bindings } from "../bindings.ts"
import { edgeOf } from "../edge.ts"
import { StoreUnavailableError } from "../store-unavailable.ts"
import { findSource, sourceStore, unknownProfile, unknownSource } from "./find-source.ts"
import { refuseMasks } from "./mask.ts"
import { parseBody } from "./parse-request.ts"
import { profileRow, profileRows } from "./source-rows.ts"
import { wakeImporter } from "./wake-importer.ts"

type Request = Context<{ Bindings: Bindings }>

const newProfileSchema = profileSchema.superRefine(refuseMasks)
const patchSchema = profilePatchSchema.superRefine(refuseMasks)

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
  const body = await parseBody(context.req, patchSchema)
  if (!body.ok) return errorResponse("bad_request", body.message)
  const saved = await save(context, (source) => changeProfile(source, profileOf(context), body.value))
  return saved instanceof Response ? saved : context.json(profileRow(saved.source, saved.profile))
}

/** `DELETE /api/sources/{id}/profiles/{profileId}`: all but the primary. */
export async function deleteProfile(context: Request): Promise<Response> {
  const saved = await save(context, (source) => removeProfile(source, profileOf(context)))
  return saved instanceof Response ? saved : context.json({ deleted: true })
}

/** The source with its change in force, or why it is not. */
async function save(
  context: Request,
  change: (source: OpenSource) => ProfileChange,
): Promise<{ source: OpenSource; profile: string } | Response> {
  const edge = await edgeOf(context.env)
  const id = sourceOf(context)
  const saved = await saveProfile(sourceStore(edge), id, change)
  if (saved.ok) {
    if (saved.importDue) wakeImporter(context, edge)
    return saved
  }
  switch (saved.code) {
    case "unknown_source":
      return unknownSource(id)
    case "busy":
      throw new StoreUnavailableError("the source changes all the time")
    default:
      return errorResponse(saved.code, saved.message)
  }
}
