import * as z from "zod"
import type { ZodOpenApiPathsObject } from "zod-openapi"
import { operation } from "./operation.ts"

export const openapiApi: ZodOpenApiPathsObject = {
  "/openapi.json": {
    get: operation({ summary: "This description.", answer: z.record(z.string(), z.unknown()), isOpen: true }),
  },
}
