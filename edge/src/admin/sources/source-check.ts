import { type SourceTest, sourceCheckSchema, sourceTestSchema } from "@tributary/shared/admin-api/sources"
import { primaryProfileId } from "@tributary/shared/config/source-config"
import { errorResponse } from "@tributary/shared/http/errors"
import { log } from "@tributary/shared/log/log"
import { redact } from "@tributary/shared/log/redact"
import { tierAuthorization } from "@tributary/shared/secrets/tier-token"
import type { Context } from "hono"
import type { Bindings } from "../../bindings.ts"
import { type Edge, edgeOf } from "../../edge.ts"
import { chooseStreamer } from "../../fleet/choose-streamer.ts"
import { parseBody } from "../parse-request.ts"
import { findSource, unknownProfile, unknownSource } from "./find-source.ts"

type Request = Context<{ Bindings: Bindings }>

const logger = log("edge", "admin")

// The streamer waits for a slow panel; people wait for this.
const timeoutMilliseconds = 20_000
const retryAfterSeconds = 5

/** What a streamer is to try: a stored profile's login, or a source that is being typed. */
export type Question = { source: string; profile: string } | { draft: SourceTest }

// It quotes what went wrong, and errors of networks quote addresses.
const answerSchema = sourceCheckSchema.extend({
  message: sourceCheckSchema.shape.message.transform(redact),
  // Asked about a profile, it has nothing to suggest.
  suggestedType: sourceCheckSchema.shape.suggestedType.default(null),
})

/** `POST /api/sources/{id}/profiles/{profileId}/test`: what the provider says of this login now. */
export function checkProfile(context: Request): Promise<Response> {
  return checkStored(context, context.req.param("profile") ?? "")
}

/** `POST /api/sources/{id}/test`: the same of the source's own, the primary profile's. */
export function checkSource(context: Request): Promise<Response> {
  return checkStored(context, primaryProfileId)
}

async function checkStored(context: Request, profile: string): Promise<Response> {
  const edge = await edgeOf(context.env)
  const id = context.req.param("id") ?? ""
  const source = await findSource(edge, id)
  if (source === null) return unknownSource(id)
  if (!source.record.profiles.some((one) => one.id === profile)) return unknownProfile(id, profile)
  return check(edge, { source: id, profile })
}

/** `POST /api/sources/test`: what a server says of a source that is not stored, its list and its login. */
export async function checkDraft(context: Request): Promise<Response> {
  const body = await parseBody(context.req, sourceTestSchema)
  if (!body.ok) return errorResponse("bad_request", body.message)
  return check(await edgeOf(context.env), { draft: body.value })
}

/** Asks a streamer, which alone may ask a provider. */
export async function check(
  edge: Edge,
  question: Question,
  { timeout = timeoutMilliseconds } = {},
): Promise<Response> {
  const chosen = await chooseStreamer(edge)
  if (chosen === undefined)
    return noAnswer("No streamer is running right now, which alone may ask a provider.")
  const [streamer, { internalAddress }] = chosen
  const authorization = await tierAuthorization(edge.keys, "streamer-internal", Date.now() / 1000)
  const signal = AbortSignal.timeout(timeout)
  const answer = await fetch(`${internalAddress}/internal/profiles/test`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify(question),
    signal,
  }).catch(() => null)
  const parsed = answerSchema.safeParse(await answer?.json().catch(() => undefined))
  if (answer?.status === 200 && parsed.success) return Response.json(parsed.data)
  const status = answer?.status ?? "no answer"
  logger.warn("a streamer did not test a profile", { streamer, status, late: signal.aborted })
  return noAnswer(
    signal.aborted
      ? `The streamer did not answer within ${timeout / 1000} s.`
      : "The streamer could not be asked to test this; try again soon.",
  )
}

const noAnswer = (message: string) => errorResponse("no_streamer", message, retryAfterSeconds)
