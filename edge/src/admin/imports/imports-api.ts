import { importsSchema, queuedSchema } from "@tributary/shared/admin-api/imports"
import type { ZodOpenApiPathsObject } from "zod-openapi"
import { operation } from "../openapi/operation.ts"

export const importsApi: ZodOpenApiPathsObject = {
  "/imports": {
    get: operation({
      summary: "What is imported, when, and how it went.",
      description: "Every source with its guide's job, the guides on their own, and publishing.",
      answer: importsSchema,
    }),
  },
  "/imports/publish": {
    post: operation({ summary: "Publish at once.", answer: queuedSchema, status: 202 }),
  },
}
