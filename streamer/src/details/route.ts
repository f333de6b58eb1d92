import { errorResponse } from "@tributary/shared/http/errors"
import type { Context } from "hono"
import type { DetailsDirectory } from "./details-directory.ts"

export interface DetailsRouteOptions {
  details: Pick<DetailsDirectory, "find">
}

/** `GET /internal/details/{movie|series}/{channelId}`, for the edge: `TitleDetails` as JSON; to be mounted behind `requireEdge`. */
export async function details(options: DetailsRouteOptions, context: Context): Promise<Response> {
  const kind = context.req.param("kind")
  const channel = context.req.param("channel") ?? ""
  // Channel ids are digits; anything else would name another object.
  if ((kind !== "movie" && kind !== "series") || !/^\d{1,20}$/.test(channel))
    return errorResponse("not_found", "There is no such title.")
  const found = await options.details.find(kind, channel)
  if (found.ok) return context.json(found.details, 200, { "cache-control": "no-store" })
  return found.reason === "unknown"
    ? errorResponse("not_found", "There is no such title, or nobody has details of it.")
    : errorResponse("upstream_failed", "The provider did not send the details.")
}
