import type { ViewerConfig, ViewerPatch } from "../config/viewer-config.ts"
import type { ViewerRecord } from "./records.ts"
import { type StoredPassword, storedTime, viewerRecord } from "./viewer-record.ts"

/** What is to be stored in place of a viewer, null to delete them, or why nothing is. */
export type ViewerChange<Record extends ViewerRecord | null> = { ok: true; record: Record } | RefusedChange

interface RefusedChange {
  ok: false
  code: "not_found" | "conflict" | "bad_request"
  message: string
}

/** A new viewer, unless there is one of this name. */
export function addViewer(
  stored: ViewerRecord | null,
  viewer: Omit<ViewerConfig, "password">,
  password: StoredPassword,
): ViewerChange<ViewerRecord> {
  if (stored === null) return { ok: true, record: viewerRecord(viewer, password, "api") }
  const message = `username: there is a viewer "${viewer.username}" already`
  return { ok: false, code: "conflict", message }
}

/**
 * A viewer with what is given changed; `password`: the new one, null to keep theirs. The viewer that stands in while none
 * is configured is configured by that, so that it is still there at the next start.
 */
export function changeViewer(
  stored: ViewerRecord | null,
  username: string,
  { password: _, expiresAt, ...patch }: ViewerPatch,
  password: StoredPassword | null,
): ViewerChange<ViewerRecord> {
  if (stored === null) return unknownViewer(username)
  // Players have it in their addresses, and their password's check is made with it.
  if (patch.username !== undefined && patch.username !== username)
    return { ok: false, code: "bad_request", message: "username: cannot be changed" }
  const record: ViewerRecord = {
    ...stored,
    ...Object.fromEntries(given(patch)),
    ...(expiresAt === undefined ? {} : { expiresAt: storedTime(expiresAt) }),
    ...password,
    origin: stored.origin === "demo" ? "api" : stored.origin,
  }
  return { ok: true, record }
}

export function removeViewer(stored: ViewerRecord | null, username: string): ViewerChange<null> {
  return stored === null ? unknownViewer(username) : { ok: true, record: null }
}

export function unknownViewer(username: string): RefusedChange {
  return { ok: false, code: "not_found", message: `There is no viewer "${username}".` }
}

const given = (patch: object) => Object.entries(patch).filter(([, value]) => value !== undefined)
