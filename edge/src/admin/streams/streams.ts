import type { StreamDetail, StreamList } from "@tributary/shared/admin-api/streams"
import { errorResponse } from "@tributary/shared/http/errors"
import { readSourceRecords } from "@tributary/shared/store/read-config"
import type { Context } from "hono"
import type { Bindings } from "../../bindings.ts"
import { type Edge, edgeOf } from "../../edge.ts"
import { runningStreamers } from "../../fleet/choose-streamer.ts"
import type { Streamer } from "../../fleet/streamer-records.ts"
import { fromStore } from "../../store-unavailable.ts"
import { askStreamers, readStreamers } from "../streamers/ask-streamers.ts"
import { streamerDetailSchema, streamerListSchema, streamOf, viewerOf } from "./streamer-stream.ts"

type Request = Context<{ Bindings: Bindings }>

const retryAfterSeconds = 5

/** `GET /api/streams`: what runs on all streamers, the newest first. */
export async function listStreams(context: Request): Promise<Response> {
  const edge = await edgeOf(context.env)
  const [names, streamers] = await Promise.all([readSourceNames(edge), runningStreamers(edge)])
  const question = { path: "/internal/streams" }
  const { said, unanswered } = await readStreamers(edge, streamers, question, streamerListSchema)
  const streams = said.flatMap(({ streamer, answer }) =>
    answer.streams.map((entry) => streamOf(streamer, entry, names)),
  )
  streams.sort((one, other) => other.startedAt - one.startedAt || (one.id < other.id ? -1 : 1))
  return context.json({ streams, unanswered } satisfies StreamList)
}

/**
 * `GET /api/streams/{id}`: one with its viewers. `?streamer=` says which, where several have it; else it is the one that
 * takes it from the provider.
 */
export async function getStream(context: Request): Promise<Response> {
  const edge = await edgeOf(context.env)
  const [names, streamers] = await Promise.all([readSourceNames(edge), askedStreamers(context, edge)])
  const { heard, unanswered } = await askStreamers(edge, streamers, { path: pathOf(context) })
  const found = heard.flatMap(({ streamer, status, body }): StreamDetail[] => {
    const parsed = streamerDetailSchema.safeParse(body)
    if (status !== 200 || !parsed.success) return []
    const { stream, clients } = parsed.data
    return [{ ...streamOf(streamer, stream, names), viewers: clients.map(viewerOf) }]
  })
  const stream = found.find(({ relayOf }) => relayOf === null) ?? found[0]
  return stream === undefined ? notFound(context, unanswered) : context.json(stream)
}

/** The streamers that a request is about: that of `?streamer=`, or all. */
export async function askedStreamers(context: Request, edge: Edge): Promise<Streamer[]> {
  const streamers = await runningStreamers(edge)
  const only = context.req.query("streamer")
  return only === undefined ? streamers : streamers.filter(([id]) => id === only)
}

/** The stream's path at a streamer. */
export function pathOf(context: Request): string {
  return `/internal/streams/${encodeURIComponent(context.req.param("id") ?? "")}`
}

/** It is not there, or where it may be nobody answers. */
export function notFound(context: Request, unanswered: readonly string[]): Response {
  const id = context.req.param("id") ?? ""
  return unanswered.length === 0
    ? errorResponse("not_found", `No stream "${id}" runs now.`)
    : errorResponse(
        "no_streamer",
        `No streamer that answers has a stream "${id}"; ${unanswered.join(", ")} did not answer.`,
        retryAfterSeconds,
      )
}

async function readSourceNames({ redis }: Edge): Promise<Map<string, string | undefined>> {
  const sources = await fromStore(readSourceRecords(redis))
  return new Map([...sources].map(([id, { name }]) => [id, name]))
}
