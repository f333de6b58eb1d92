import { type ErrorCode, errorStatus } from "@tributary/shared/http/errors"
import * as z from "zod"
import type { ZodOpenApiOperationObject } from "zod-openapi"

/** What a route of the admin API is described by. */
export interface Described {
  summary: string
  description?: string
  query?: z.ZodObject
  body?: z.ZodType
  /** Of a 2xx answer. */
  answer: z.ZodType
  /** 200 unless it is given. */
  status?: 200 | 201 | 202
  /** Codes of its refusals, but for those that every route has. */
  refusals?: readonly ErrorCode[]
  /** Open to all. */
  isOpen?: boolean
}

const errorSchema = z
  .object({
    error: z.object({
      code: z.string(),
      message: z
        .string()
        .describe("For bad input it begins with the place of what is wrong: `maxStreams: …`."),
      retryAfterSeconds: z.number().optional(),
    }),
  })
  .meta({ id: "Error" })

const json = (schema: z.ZodType) => ({ "application/json": { schema } })

/** The description of a route in OpenAPI's words. */
export function operation(described: Described): ZodOpenApiOperationObject {
  const { summary, description, query, body, answer, status = 200, refusals = [], isOpen = false } = described
  const codes: ErrorCode[] = [
    ...(isOpen ? [] : (["unauthorized", "forbidden", "too_many_tries"] as const)),
    ...(query === undefined && body === undefined ? [] : (["bad_request"] as const)),
    ...refusals,
    "store_unavailable",
  ]
  return {
    summary,
    ...(description === undefined ? {} : { description }),
    ...(isOpen ? { security: [] } : {}),
    ...(query === undefined ? {} : { requestParams: { query } }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: json(body) } }),
    responses: {
      [status]: { description: "Done.", content: json(answer) },
      ...Object.fromEntries(
        [...Map.groupBy(new Set(codes), (code) => errorStatus[code])]
          .sort(([a], [b]) => a - b)
          .map(([number, same]) => [number, { description: same.join(", "), content: json(errorSchema) }]),
      ),
    },
  }
}
