import { auditSchema } from "@tributary/shared/admin-api/audit"
import type { ZodOpenApiPathsObject } from "zod-openapi"
import { operation } from "../openapi/operation.ts"

export const auditApi: ZodOpenApiPathsObject = {
  "/audit": { get: operation({ summary: "The last thousand changes.", answer: auditSchema }) },
}
