import { errorResponse } from "@tributary/shared/http/errors"
import { isSameSecret } from "@tributary/shared/secrets/same-secret"
import type { MiddlewareHandler } from "hono"

/** Lets only calls with the header `X-API-Token: API_TOKEN` pass; none when there is no such token (null). */
export function requireApiToken(apiToken: string | null): MiddlewareHandler {
  return async (context, next) => {
    if (apiToken === null)
      return errorResponse("forbidden", "The streams API is off here: this streamer has no API_TOKEN.")
    const given = context.req.header("x-api-token") ?? ""
    if (given === "") return errorResponse("unauthorized", "Say who you are: the header X-API-Token.")
    if (!(await isSameSecret(given, apiToken)))
      return errorResponse("forbidden", "This is not the API token.")
    await next()
  }
}
