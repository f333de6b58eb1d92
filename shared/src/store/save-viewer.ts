import type { Redis } from "@upstash/redis"
import type { RunScript } from "../lease/scripts.ts"
import { endedMilliseconds } from "../lease/viewer-sessions.ts"
import type { ViewerChange } from "./change-viewer.ts"
import { keys } from "./keys.ts"
import type { ViewerRecord } from "./records.ts"

/** `busy`: others change the viewer all the time. */
export type SavedViewer<Record extends ViewerRecord | null> =
  | ViewerChange<Record>
  | { ok: false; code: "busy" }

// Each loss means that another change of the same viewer was saved meanwhile.
const attempts = 20

/** The viewer as they are stored; null: there is none of this name. */
export async function readViewer(redis: Redis, username: string): Promise<ViewerRecord | null> {
  const text = await redis.hget<string>(keys.viewers, username)
  return text === null ? null : (JSON.parse(text) as ViewerRecord)
}

/**
 * Changes one viewer, whatever else changes them at the same time: `change` is asked again with what is there then. The
 * sessions of one who is deleted, disabled or expired by it, or gets another password, end (`save-viewer.lua`).
 */
export async function saveViewer<Record extends ViewerRecord | null>(
  redis: Redis,
  run: RunScript,
  username: string,
  change: (stored: ViewerRecord | null) => ViewerChange<Record>,
): Promise<SavedViewer<Record>> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const text = await redis.hget<string>(keys.viewers, username)
    const changed = change(text === null ? null : (JSON.parse(text) as ViewerRecord))
    if (!changed.ok) return changed
    const { record } = changed
    const reply = await run(
      "saveViewer",
      [
        ...[keys.configVersion, keys.viewers, keys.sessions(username)],
        ...[keys.endedSessions(username), keys.live],
      ],
      [...[username, text ?? "", record === null ? "" : JSON.stringify(record)], String(endedMilliseconds)],
    )
    if (reply === "ok") return changed
  }
  return { ok: false, code: "busy" }
}
