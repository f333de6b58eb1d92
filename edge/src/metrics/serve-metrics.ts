import { bearerToken } from "@tributary/shared/http/bearer-token"
import { errorResponse } from "@tributary/shared/http/errors"
import { log } from "@tributary/shared/log/log"
import { tierAuthorization } from "@tributary/shared/secrets/tier-token"
import type { Context } from "hono"
import { checkToken } from "../admin/session/check-token.ts"
import type { Bindings, EdgeConfig } from "../bindings.ts"
import { type Edge, edgeOf } from "../edge.ts"
import { runningStreamers } from "../fleet/choose-streamer.ts"
import type { Streamer } from "../fleet/streamer-records.ts"
import { type Family, parseExposition, renderExposition } from "./exposition.ts"
import { sumFamilies } from "./sum-families.ts"

const logger = log("edge", "metrics")

// Prometheus waits for 10 s.
const timeoutMilliseconds = 2_000
const contentType = "text/plain; version=0.0.4; charset=utf-8"

/** `GET /metrics`: the sum of what the running streamers say, and how many of them did not answer. */
export async function serveMetrics(context: Context<{ Bindings: Bindings }>): Promise<Response> {
  const edge = await edgeOf(context.env)
  const given = bearerToken(context.req.header("authorization"))
  if (given === null)
    return errorResponse("unauthorized", "Say who you are: the header Authorization: Bearer METRICS_TOKEN.")
  const refusal = await checkToken(context.req, edge, given, readers(edge.config))
  if (refusal !== null) return refusal
  const streamers = await runningStreamers(edge)
  const answers = await ask(edge, streamers)
  const heard = answers.filter((answer) => answer !== null)
  const families = [
    ...ofTheFleet(streamers.length, streamers.length - heard.length),
    ...sumFamilies(heard.map(parseExposition)),
  ]
  return new Response(renderExposition(families), {
    headers: { "content-type": contentType, "cache-control": "no-store" },
  })
}

const readers = ({ ADMIN_TOKEN, METRICS_TOKEN }: EdgeConfig) => ({
  tokens: [ADMIN_TOKEN, ...(METRICS_TOKEN === undefined ? [] : [METRICS_TOKEN])],
  refusal: "This is neither the token of the metrics nor the admin token.",
})

/** Each streamer's metrics as text; null for one that does not give them. */
async function ask(edge: Edge, streamers: readonly Streamer[]): Promise<(string | null)[]> {
  const authorization = await tierAuthorization(edge.keys, "streamer-internal", Date.now() / 1000)
  return Promise.all(
    streamers.map(async ([streamer, { internalAddress }]) => {
      const signal = AbortSignal.timeout(timeoutMilliseconds)
      try {
        const answer = await fetch(`${internalAddress}/metrics`, { headers: { authorization }, signal })
        if (answer.status === 200) return await answer.text()
        await answer.body?.cancel()
        logger.warn("a streamer did not give its metrics", { streamer, status: answer.status })
      } catch {
        logger.warn("a streamer did not give its metrics", { streamer, late: signal.aborted })
      }
      return null
    }),
  )
}

function ofTheFleet(running: number, unreachable: number): Family[] {
  const gauge = (name: string, help: string, value: number): Family => ({
    ...{ name, help, type: "gauge" },
    samples: [{ name, labels: "", value }],
  })
  return [
    gauge("tributary_streamers", "Streamers that were heard of lately.", running),
    gauge("tributary_streamers_unreachable", "Those of them that are missing in these sums.", unreachable),
  ]
}
