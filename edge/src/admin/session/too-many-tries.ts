import { errorResponse } from "@tributary/shared/http/errors"

export const tooManyTries = (retryAfterSeconds: number): Response =>
  errorResponse(
    "too_many_tries",
    `Too many wrong admin tokens came from here: try again in ${retryAfterSeconds} s.`,
    retryAfterSeconds,
  )
