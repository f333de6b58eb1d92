import { sessionSchema, signInSchema } from "@tributary/shared/admin-api/session"
import type { ZodOpenApiPathsObject } from "zod-openapi"
import { operation } from "../openapi/operation.ts"

export const sessionApi: ZodOpenApiPathsObject = {
  "/session": {
    get: operation({ summary: "Whether this browser is signed in.", answer: sessionSchema, isOpen: true }),
    post: operation({
      summary: "Exchange the admin token for a cookie.",
      description: "For the dashboard; scripts send the token itself.",
      body: signInSchema,
      answer: sessionSchema,
      refusals: ["unauthorized", "forbidden", "too_many_tries"],
      isOpen: true,
    }),
    delete: operation({
      summary: "Give the cookie back.",
      answer: sessionSchema,
      refusals: ["forbidden"],
      isOpen: true,
    }),
  },
}
