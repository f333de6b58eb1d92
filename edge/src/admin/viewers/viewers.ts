import {
  type AddedViewer,
  changedViewerSchema,
  newViewerSchema,
  type ViewerRow,
} from "@tributary/shared/admin-api/viewers"
import { errorResponse } from "@tributary/shared/http/errors"
import { listSessions } from "@tributary/shared/lease/viewer-sessions"
import {
  addViewer,
  changeViewer,
  removeViewer,
  unknownViewer,
  type ViewerChange,
} from "@tributary/shared/store/change-viewer"
import { readViewerRecords } from "@tributary/shared/store/read-config"
import type { ViewerRecord } from "@tributary/shared/store/records"
import { readViewer, saveViewer } from "@tributary/shared/store/save-viewer"
import { storedPassword } from "@tributary/shared/store/viewer-record"
import type { Context } from "hono"
import { type Edge, edgeOf } from "../../edge.ts"
import { fromStore, StoreBusyError } from "../../store-unavailable.ts"
import { parseBody } from "../parse-request.ts"
import type { AdminEnvironment } from "../session/require-admin.ts"
import { makePassword } from "./make-password.ts"
import { viewerRow } from "./viewer-rows.ts"

type Request = Context<AdminEnvironment>

/** The viewer that a path names; any text, URL-encoded. */
export const usernameOf = (context: Request) => context.req.param("username") ?? ""

/** `GET /api/viewers`: by username, each with how many sessions they have now. */
export async function listViewers(context: Request): Promise<Response> {
  const edge = await edgeOf(context.env)
  const records = await fromStore(readViewerRecords(edge.redis))
  const viewers = [...records.values()].sort((a, b) => (a.username < b.username ? -1 : 1))
  const sessions = await listSessions(
    edge.run,
    viewers.map(({ username }) => username),
  )
  return context.json(viewers.map((record, at) => viewerRow(record, sessions[at]?.length ?? 0)))
}

/** `GET /api/viewers/{username}` */
export async function getViewer(context: Request): Promise<Response> {
  const edge = await edgeOf(context.env)
  const record = await fromStore(readViewer(edge.redis, usernameOf(context)))
  return record === null ? noViewer(usernameOf(context)) : context.json(await rowOf(edge, record))
}

/**
 * `POST /api/viewers`: a viewer as in the configuration file; they stay when that is read again. Without a password one
 * is made, which stands in this answer.
 */
export async function postViewer(context: Request): Promise<Response> {
  const body = await parseBody(context.req, newViewerSchema)
  if (!body.ok) return errorResponse("bad_request", body.message)
  const edge = await edgeOf(context.env)
  const { password: given, ...viewer } = body.value
  const password = given ?? makePassword((bytes) => crypto.getRandomValues(bytes))
  const stored = await storedPassword(edge.keys, viewer.username, password)
  const saved = await save(edge, viewer.username, (before) => addViewer(before, viewer, stored))
  if (saved instanceof Response) return saved
  const row = await rowOf(edge, saved.record)
  const answer: AddedViewer = given === undefined ? { ...row, password } : row
  return context.json(answer, 201)
}

/**
 * `PATCH /api/viewers/{username}`: what is not given stays. The sessions of a viewer who is disabled or expired by it, or
 * gets another password, end. A viewer that the configuration file names is as that says again at the next start.
 */
export async function patchViewer(context: Request): Promise<Response> {
  const body = await parseBody(context.req, changedViewerSchema)
  if (!body.ok) return errorResponse("bad_request", body.message)
  const edge = await edgeOf(context.env)
  const username = usernameOf(context)
  const { password } = body.value
  const stored = password === undefined ? null : await storedPassword(edge.keys, username, password)
  const saved = await save(edge, username, (before) => changeViewer(before, username, body.value, stored))
  return saved instanceof Response ? saved : context.json(await rowOf(edge, saved.record))
}

/** `DELETE /api/viewers/{username}`: their sessions end. */
export async function deleteViewer(context: Request): Promise<Response> {
  const edge = await edgeOf(context.env)
  const username = usernameOf(context)
  const saved = await save(edge, username, (before) => removeViewer(before, username))
  return saved instanceof Response ? saved : context.json({ deleted: true })
}

/** The answer where there is no such viewer. */
export function noViewer(username: string): Response {
  const { code, message } = unknownViewer(username)
  return errorResponse(code, message)
}

/** What is in force now, or why nothing was changed. */
async function save<Record extends ViewerRecord | null>(
  edge: Edge,
  username: string,
  change: (stored: ViewerRecord | null) => ViewerChange<Record>,
): Promise<{ record: Record } | Response> {
  const saved = await fromStore(saveViewer(edge.redis, edge.run, username, change))
  if (saved.ok) return saved
  if (saved.code === "busy") throw new StoreBusyError("the viewer changes all the time")
  return errorResponse(saved.code, saved.message)
}

async function rowOf(edge: Edge, record: ViewerRecord): Promise<ViewerRow> {
  const [sessions = []] = await listSessions(edge.run, [record.username])
  return viewerRow(record, sessions.length)
}
