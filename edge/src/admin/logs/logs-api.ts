import { logPageSchema, logQuerySchema } from "@tributary/shared/admin-api/logs"
import type { ZodOpenApiPathsObject } from "zod-openapi"
import { operation } from "../openapi/operation.ts"

export const logsApi: ZodOpenApiPathsObject = {
  "/logs": {
    get: operation({
      summary: "The last lines of the streamers' logs, by time.",
      query: logQuerySchema,
      answer: logPageSchema,
    }),
  },
}
