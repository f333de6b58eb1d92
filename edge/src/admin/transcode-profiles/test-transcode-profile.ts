import {
  type TranscodeRun,
  type TranscodeTest,
  transcodeRunsSchema,
} from "@tributary/shared/admin-api/transcode-profiles"
import { errorResponse } from "@tributary/shared/http/errors"
import { readTranscodeProfileRecords } from "@tributary/shared/store/transcode-profiles"
import {
  type TranscodeProfileConfig,
  transcodeProfileSchema,
} from "@tributary/shared/transcode/profile-config"
import type { Context } from "hono"
import * as z from "zod"
import type { Bindings } from "../../bindings.ts"
import { type Edge, edgeOf } from "../../edge.ts"
import { chooseStreamer } from "../../fleet/choose-streamer.ts"
import { fromStore } from "../../store-unavailable.ts"
import { parseBody } from "../parse-request.ts"
import { askStreamers } from "../streamers/ask-streamers.ts"
import { refusalOf } from "../streamers/refusal-of.ts"
import { profilesToRun } from "./profiles-to-run.ts"

// Longer than a streamer takes for eight variants.
const timeoutMilliseconds = 50_000
const retryAfterSeconds = 5

// One that has not been saved need not have an id.
const unsaved = "unsaved"
const bodySchema = z.preprocess(
  (body) => (typeof body === "object" && body !== null ? { id: unsaved, ...body } : body),
  transcodeProfileSchema,
)

/** `POST /api/transcode-profiles/test`: what ffmpeg makes of a test picture by a profile, which need not be saved. */
export async function testTranscodeProfile(context: Context<{ Bindings: Bindings }>): Promise<Response> {
  const body = await parseBody(context.req, bodySchema)
  if (!body.ok) return errorResponse("bad_request", body.message)
  const edge = await edgeOf(context.env)
  const toRun = profilesToRun(body.value, await fromStore(readTranscodeProfileRecords(edge.redis)))
  if (!toRun.ok) return errorResponse("bad_request", toRun.message)
  const ran = await runOnStreamer(edge, toRun.profiles)
  if (ran instanceof Response) return ran
  return context.json(body.value.variants === undefined ? single(ran) : adaptive(ran))
}

/** One run for each profile, or why there is none. */
async function runOnStreamer(
  edge: Edge,
  profiles: readonly TranscodeProfileConfig[],
): Promise<TranscodeRun[] | Response> {
  const chosen = await chooseStreamer(edge)
  if (chosen === undefined)
    return errorResponse(
      "no_streamer",
      "No streamer is running right now, which alone has ffmpeg.",
      retryAfterSeconds,
    )
  const { heard } = await askStreamers(edge, [chosen], {
    ...{ method: "POST", path: "/internal/transcodes/test", body: { profiles } },
    timeoutMilliseconds,
  })
  const [answer] = heard
  const parsed = transcodeRunsSchema.safeParse(answer?.body)
  if (answer?.status === 200 && parsed.success && parsed.data.runs.length === profiles.length)
    return parsed.data.runs
  return (
    refusalOf(answer, ["bad_request", "conflict", "transcode_failed"]) ??
    errorResponse("no_streamer", "The streamer could not test this; try again soon.", retryAfterSeconds)
  )
}

function single([run]: readonly TranscodeRun[]): TranscodeTest | null {
  if (run === undefined) return null
  const { profile: _, ...result } = run
  return { ...result, variants: [] }
}

function adaptive(runs: TranscodeRun[]): TranscodeTest {
  const failed = runs.filter(({ ok }) => !ok)
  return {
    ok: failed.length === 0,
    command: runs.map(({ command }) => command).join("\n"),
    ...{ hardware: null, seconds: null, speed: null, width: null, height: null, videoCodec: null },
    ...{ audioCodec: null, framesPerSecond: null, bytesPerSecond: null },
    message:
      failed.length === 0
        ? `All ${runs.length} variants can be made.`
        : failed.map(({ profile, message }) => `${profile}: ${message}`).join("\n"),
    durationMs: runs.reduce((sum, { durationMs }) => sum + durationMs, 0),
    variants: runs,
  }
}
