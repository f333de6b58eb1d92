import { streamerListSchema } from "@tributary/shared/admin-api/streamers"
import type { ZodOpenApiPathsObject } from "zod-openapi"
import { operation } from "../openapi/operation.ts"

export const streamersApi: ZodOpenApiPathsObject = {
  "/streamers": { get: operation({ summary: "The streamers that run.", answer: streamerListSchema }) },
}
