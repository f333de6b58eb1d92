import { errorResponse } from "@tributary/shared/http/errors"
import {
  addTranscodeProfile,
  changeTranscodeProfile,
  removeTranscodeProfile,
  saveTranscodeProfile,
  type TranscodeProfileChange,
  type TranscodeProfileRecords,
} from "@tributary/shared/store/change-transcode-profile"
import saveTranscodeProfileScript from "@tributary/shared/store/save-transcode-profile.lua"
import { readTranscodeProfileRecords } from "@tributary/shared/store/transcode-profiles"
import { transcodeProfileSchema } from "@tributary/shared/transcode/profile-config"
import type { Context } from "hono"
import * as z from "zod"
import type { Bindings } from "../../bindings.ts"
import { edgeOf } from "../../edge.ts"
import { fromStore, StoreBusyError } from "../../store-unavailable.ts"
import { forgetTranscodeProfiles } from "../../transcode-profiles.ts"
import { parseBody } from "../parse-request.ts"
import { transcodeProfileRow, transcodeProfileRows } from "./transcode-profile-rows.ts"

type Request = Context<{ Bindings: Bindings }>

const idOf = (context: Request) => context.req.param("id") ?? ""
// What it comes to together with the stored one is checked.
const patchSchema = z.record(z.string(), z.unknown(), "must be an object")

/** `GET /api/transcode-profiles`: the built-in ones first, each as it is in force. */
export async function listTranscodeProfiles(context: Request): Promise<Response> {
  const { redis } = await edgeOf(context.env)
  return context.json(transcodeProfileRows(await fromStore(readTranscodeProfileRecords(redis))))
}

/** `GET /api/transcode-profiles/{id}` */
export async function getTranscodeProfile(context: Request): Promise<Response> {
  const { redis } = await edgeOf(context.env)
  const row = transcodeProfileRow(await fromStore(readTranscodeProfileRecords(redis)), idOf(context))
  return row === undefined ? unknownTranscodeProfile(idOf(context)) : context.json(row)
}

/** `POST /api/transcode-profiles`: one as in the configuration file; it stays when that is read again. */
export async function postTranscodeProfile(context: Request): Promise<Response> {
  const body = await parseBody(context.req, transcodeProfileSchema)
  if (!body.ok) return errorResponse("bad_request", body.message)
  const saved = await save(context, (records) => addTranscodeProfile(records, body.value))
  return saved instanceof Response ? saved : context.json(saved.row, 201)
}

/**
 * `PATCH /api/transcode-profiles/{id}`: what is not given stays. Of a built-in one, this makes one that takes its
 * place. One that the configuration file names is as that says again at the next start.
 */
export async function patchTranscodeProfile(context: Request): Promise<Response> {
  const body = await parseBody(context.req, patchSchema)
  if (!body.ok) return errorResponse("bad_request", body.message)
  const saved = await save(context, (records) => changeTranscodeProfile(records, idOf(context), body.value))
  return saved instanceof Response ? saved : context.json(saved.row)
}

/** `DELETE /api/transcode-profiles/{id}`: where it had taken the place of a built-in one, that is back. */
export async function deleteTranscodeProfile(context: Request): Promise<Response> {
  const saved = await save(context, (records) => removeTranscodeProfile(records, idOf(context)))
  return saved instanceof Response ? saved : context.json({ deleted: true })
}

/** The row of what was changed and is in force, or why it is not. */
async function save(
  context: Request,
  change: (records: TranscodeProfileRecords) => TranscodeProfileChange,
): Promise<{ row: ReturnType<typeof transcodeProfileRow> } | Response> {
  const edge = await edgeOf(context.env)
  const script = edge.redis.createScript<string>(saveTranscodeProfileScript)
  const run = (names: string[], args: string[]) => script.exec(names, args)
  const saved = await fromStore(saveTranscodeProfile(edge.redis, run, change))
  if (saved.ok) {
    forgetTranscodeProfiles(edge)
    return { row: transcodeProfileRow(saved.records, saved.id) }
  }
  if (saved.code === "busy") throw new StoreBusyError("the configuration changes all the time")
  return errorResponse(saved.code, saved.message)
}

const unknownTranscodeProfile = (id: string) =>
  errorResponse("unknown_profile", `There is no transcode profile "${id}".`)
