import { errorResponse } from "@tributary/shared/http/errors"
import type { Keys } from "@tributary/shared/secrets/keys"
import { isTierCall } from "@tributary/shared/secrets/tier-token"
import type { MiddlewareHandler } from "hono"

/** Lets only calls of this installation's edge pass. `now`: Unix milliseconds. */
export function requireEdge(keys: Keys, now: () => number): MiddlewareHandler {
  return async (context, next) => {
    const authorization = context.req.header("authorization")
    if (!(await isTierCall(keys, "streamer-internal", authorization, now() / 1000)))
      return errorResponse("unauthorized", "Only the edge of this installation may call this.")
    await next()
  }
}
