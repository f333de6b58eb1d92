import {
  type LogPage,
  type LogQuery,
  logQuerySchema,
  streamerLogSchema,
} from "@tributary/shared/admin-api/logs"
import { errorResponse } from "@tributary/shared/http/errors"
import { Hono } from "hono"
import { edgeOf } from "../../edge.ts"
import { runningStreamers } from "../../fleet/choose-streamer.ts"
import { parseQuery } from "../parse-request.ts"
import type { AdminEnvironment } from "../session/require-admin.ts"
import { readStreamers } from "../streamers/ask-streamers.ts"
import { type LogCursor, readCursor, writeCursor } from "./log-cursor.ts"
import { mergeLogs } from "./merge-logs.ts"

/** `/api/logs`: the newest lines of all streamers. */
export const logs = new Hono<AdminEnvironment>()

logs.get("/", async (context) => {
  const query = parseQuery(context.req, logQuerySchema)
  if (!query.ok) return errorResponse("bad_request", query.message)
  const after = query.value.after === undefined ? null : readCursor(query.value.after)
  if (after === null && query.value.after !== undefined)
    return errorResponse("bad_request", "after: is not what an answer has as next")
  const edge = await edgeOf(context.env)
  const streamers = await runningStreamers(edge)
  const path = (streamer: string) => pathOf(query.value, after, streamer)
  const { said, unanswered } = await readStreamers(edge, streamers, { path }, streamerLogSchema)
  const { lines, next } = mergeLogs({ said, after, limit: query.value.limit })
  // Where nothing was heard, one goes on later from where one was.
  for (const streamer of unanswered) {
    const seq = after?.get(streamer)
    if (seq !== undefined) next.set(streamer, seq)
  }
  return context.json({ lines, next: writeCursor(next), unanswered } satisfies LogPage)
})

function pathOf({ level, search, limit }: LogQuery, after: LogCursor | null, streamer: string): string {
  const query = new URLSearchParams({ level, search, limit: String(limit) })
  // One that was not there before is read from its beginning.
  if (after !== null) query.set("after", String(after.get(streamer) ?? 0))
  return `/internal/logs?${query}`
}
