import { logQuerySchema, type StreamerLog } from "@tributary/shared/admin-api/logs"
import { describeIssue } from "@tributary/shared/config/describe-issue"
import { list, record } from "@tributary/shared/config/fields"
import { errorResponse } from "@tributary/shared/http/errors"
import type { LogRing } from "@tributary/shared/log/log-ring"
import { transcodeProfileFrom, transcodeProfileSchema } from "@tributary/shared/transcode/profile-config"
import { Hono, type MiddlewareHandler } from "hono"
import { type StreamsApiOptions, streamsApi } from "../streams-api/streams-api.ts"
import type { TrafficHistory } from "./traffic-history.ts"
import type { TranscodeTester } from "./transcode-tester.ts"

export interface OperateOptions {
  traffic: Pick<TrafficHistory, "report">
  logs: Pick<LogRing, "read">
  tester: Pick<TranscodeTester, "test">
}

export interface OperateApiOptions extends OperateOptions {
  guard: MiddlewareHandler
  streams: Omit<StreamsApiOptions, "guard">
}

const ownLogQuerySchema = logQuerySchema.extend({
  after: logQuerySchema.shape.after
    .refine((text) => text === undefined || /^\d{1,15}$/.test(text), "must be a whole number")
    .transform((text) => (text === undefined ? null : Number(text))),
})

const testSchema = record({
  profiles: list(
    transcodeProfileSchema.refine(({ variants }) => variants === undefined, {
      path: ["variants"],
      message: "must be given as profiles of their own",
    }),
  )
    .min(1, "must name a profile")
    .max(8, "must have at most eight entries"),
})

/** What the edge may ask a streamer about itself: `/streams`, `/traffic`, `/logs`, `POST /transcodes/test`. */
export function operateApi({ guard, streams, traffic, logs, tester }: OperateApiOptions): Hono {
  const api = new Hono()
  api.route("/streams", streamsApi({ ...streams, guard }))
  for (const path of ["/traffic", "/logs", "/transcodes/test"]) api.use(path, guard, doNotStore)

  api.get("/traffic", (context) => context.json(traffic.report()))

  api.get("/logs", (context) => {
    const query = ownLogQuerySchema.safeParse(context.req.query())
    if (!query.success) return errorResponse("bad_request", describeIssue(query.error))
    return context.json(logs.read(query.data) satisfies StreamerLog)
  })

  api.post("/transcodes/test", async (context) => {
    const body: unknown = await context.req.json().catch(() => undefined)
    if (body === undefined) return errorResponse("bad_request", "The body is not JSON.")
    const parsed = testSchema.safeParse(body)
    if (!parsed.success) return errorResponse("bad_request", describeIssue(parsed.error))
    const profiles = parsed.data.profiles.map(transcodeProfileFrom)
    const tested = await tester.test(profiles.flatMap((one) => ("recipe" in one ? [one] : [])))
    return tested.ok ? context.json({ runs: tested.runs }) : errorResponse(tested.code, tested.message, 5)
  })

  return api
}

const doNotStore: MiddlewareHandler = async (context, next) => {
  await next()
  context.header("cache-control", "no-store")
}
