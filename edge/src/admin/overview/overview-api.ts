import { overviewSchema } from "@tributary/shared/admin-api/overview"
import type { ZodOpenApiPathsObject } from "zod-openapi"
import { operation } from "../openapi/operation.ts"

export const overviewApi: ZodOpenApiPathsObject = {
  "/overview": {
    get: operation({
      summary: "How things are: figures now and over an hour, pools, failing feeds, streamers, imports.",
      answer: overviewSchema,
    }),
  },
}
