import type { FailedOverStream, StoppedStream } from "@tributary/shared/admin-api/streams"
import type { Context } from "hono"
import * as z from "zod"
import type { Bindings } from "../../bindings.ts"
import { edgeOf } from "../../edge.ts"
import { askStreamers } from "../streamers/ask-streamers.ts"
import { refusalOf } from "../streamers/refusal-of.ts"
import { askedStreamers, notFound, pathOf } from "./streams.ts"

type Request = Context<{ Bindings: Bindings }>

// Its connection has to be closed, and a slow provider takes its time.
const timeoutMilliseconds = 5_000

const failedOverSchema = z.object({ failovers: z.number() })

/** `DELETE /api/streams/{id}`: stops it wherever it runs, or at `?streamer=`; its viewers' players may open it again. */
export async function stopStream(context: Request): Promise<Response> {
  const edge = await edgeOf(context.env)
  const question = { method: "DELETE", path: pathOf(context), timeoutMilliseconds } as const
  const { heard, unanswered } = await askStreamers(edge, await askedStreamers(context, edge), question)
  const stopped = heard.flatMap(({ streamer, status }) => (status === 200 ? [streamer] : []))
  if (stopped.length === 0) return notFound(context, unanswered)
  return context.json({ id: context.req.param("id") ?? "", stopped, unanswered } satisfies StoppedStream)
}

/** `POST /api/streams/{id}/failover`: it goes to its next feed, as after a failure; nobody who watches is dropped. */
export async function failOverStream(context: Request): Promise<Response> {
  const edge = await edgeOf(context.env)
  const path = `${pathOf(context)}/failover`
  const question = { method: "POST", path, timeoutMilliseconds } as const
  const { heard, unanswered } = await askStreamers(edge, await askedStreamers(context, edge), question)
  for (const { streamer, status, body } of heard) {
    const parsed = failedOverSchema.safeParse(body)
    if (status !== 200 || !parsed.success) continue
    const { failovers } = parsed.data
    return context.json({ id: context.req.param("id") ?? "", streamer, failovers } satisfies FailedOverStream)
  }
  const refusal = heard.find(({ status }) => status === 409)
  return refusalOf(refusal, ["conflict"]) ?? notFound(context, unanswered)
}
