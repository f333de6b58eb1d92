import { settingsAnswerSchema } from "@tributary/shared/admin-api/settings"
import { settingsSchema } from "@tributary/shared/config/settings"
import * as z from "zod"
import type { ZodOpenApiPathsObject } from "zod-openapi"
import { operation } from "../openapi/operation.ts"

// `settingsPatchSchema` takes what is given as it is written; this says what that may be.
const patch = z.strictObject(
  Object.fromEntries(Object.entries(settingsSchema.shape).map(([name, schema]) => [name, schema.nullish()])),
)

export const settingsApi: ZodOpenApiPathsObject = {
  "/settings": {
    get: operation({ summary: "All settings, as one would write them.", answer: settingsAnswerSchema }),
    patch: operation({
      summary: "Change settings, all that are given or none.",
      description: "Null puts one back to its default.",
      body: patch,
      answer: settingsAnswerSchema,
    }),
  },
}
