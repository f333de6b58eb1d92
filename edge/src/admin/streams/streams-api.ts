import {
  failedOverStreamSchema,
  stoppedStreamSchema,
  streamDetailSchema,
  streamListSchema,
} from "@tributary/shared/admin-api/streams"
import * as z from "zod"
import type { ZodOpenApiPathsObject } from "zod-openapi"
import { operation } from "../openapi/operation.ts"

const query = z.object({ streamer: z.string().optional().describe("Only where it runs there.") })

export const streamsApi: ZodOpenApiPathsObject = {
  "/streams": {
    get: operation({
      summary: "What runs now: live streams, transcodes, and what viewers play alone.",
      answer: streamListSchema,
    }),
  },
  "/streams/{id}": {
    get: operation({
      summary: "A stream and who watches it.",
      query,
      answer: streamDetailSchema,
      refusals: ["not_found", "no_streamer"],
    }),
    delete: operation({
      summary: "Stop a stream, for everybody who watches it.",
      query,
      answer: stoppedStreamSchema,
      refusals: ["not_found", "no_streamer"],
    }),
  },
  "/streams/{id}/failover": {
    post: operation({
      summary: "Have a stream go on with its next feed.",
      query,
      answer: failedOverStreamSchema,
      refusals: ["not_found", "conflict", "no_streamer"],
    }),
  },
}
