/** Every public error code with its status (CONTRACT.md). Stable: clients match on them. */
export const errorStatus = {
  bad_request: 400,
  unauthorized: 401,
  bad_ticket: 401,
  ticket_expired: 401,
  forbidden: 403,
  not_found: 404,
  unknown_channel: 404,
  unknown_group: 404,
  unknown_profile: 404,
  unknown_source: 404,
  no_catchup: 404,
  outside_catchup: 404,
  unsupported_output: 404,
  conflict: 409,
  too_large: 413,
  range_not_satisfiable: 416,
  viewer_limit: 429,
  too_many_tries: 429,
  internal: 500,
  transcode_failed: 502,
  upstream_failed: 502,
  no_capacity: 503,
  no_streamer: 503,
  not_ready: 503,
  store_unavailable: 503,
} as const

export type ErrorCode = keyof typeof errorStatus

/** The body of every error answer. */
export interface ErrorBody {
  error: { code: ErrorCode; message: string; retryAfterSeconds?: number }
}

/** The same error on both tiers: JSON body, fitting status, `Retry-After` where a retry makes sense. */
export function errorResponse(code: ErrorCode, message: string, retryAfterSeconds?: number): Response {
  const error = retryAfterSeconds === undefined ? { code, message } : { code, message, retryAfterSeconds }
  const headers: Record<string, string> = { "content-type": "application/json", "cache-control": "no-store" }
  if (retryAfterSeconds !== undefined) headers["retry-after"] = String(retryAfterSeconds)
  return new Response(JSON.stringify({ error } satisfies ErrorBody), { status: errorStatus[code], headers })
}
