import type { ErrorBody, ErrorCode } from "@tributary/shared/http/errors"

/** What the admin API refused, or that it could not be reached. */
export class ApiError extends Error {
  override name = "ApiError"
  /** `offline`: there was no answer. */
  readonly code: ErrorCode | "offline"
  readonly status: number
  readonly retryAfterSeconds: number | null

  constructor(code: ErrorCode | "offline", message: string, status = 0, retryAfterSeconds?: number) {
    super(message)
    this.code = code
    this.status = status
    this.retryAfterSeconds = retryAfterSeconds ?? null
  }
}

/** The error of an answer that is not 2xx; one that is none of ours is told by its status. */
export async function errorOf(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => null)) as Partial<ErrorBody> | null
  const error = body?.error
  return error === undefined
    ? new ApiError("internal", `The server answered ${response.status}.`, response.status)
    : new ApiError(error.code, error.message, response.status, error.retryAfterSeconds)
}
