import { type ErrorCode, errorResponse } from "@tributary/shared/http/errors"
import { redact } from "@tributary/shared/log/redact"
import * as z from "zod"
import type { StreamerAnswer } from "./ask-streamers.ts"

const refusalSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string().transform(redact),
    retryAfterSeconds: z.number().optional(),
  }),
})

/** The refusal that a streamer answered, to be handed on when it has one of these codes; null: it is none of them. */
export function refusalOf(answer: StreamerAnswer | undefined, codes: readonly ErrorCode[]): Response | null {
  const parsed = refusalSchema.safeParse(answer?.body)
  const code = codes.find((one) => one === parsed.data?.error.code)
  if (!parsed.success || code === undefined) return null
  const { message, retryAfterSeconds } = parsed.data.error
  return errorResponse(code, message, retryAfterSeconds)
}
