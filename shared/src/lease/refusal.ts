import { errorResponse } from "../http/errors.ts"
import type { Refused } from "./admit.ts"

const forbidden = {
  disabled: "This viewer is disabled.",
  expired: "This viewer's access has expired.",
  group: "This viewer may not watch this channel's group.",
} as const

/** What a player is answered when admission refuses, from whichever tier. */
export function refusalResponse(refused: Refused): Response {
  switch (refused.code) {
    case "unauthorized":
      return errorResponse("unauthorized", "Unknown viewer or wrong password.")
    case "forbidden":
      return errorResponse("forbidden", forbidden[refused.reason])
    case "viewer_limit":
      return errorResponse("viewer_limit", "This viewer plays as many streams as they may.", 10)
    case "no_streamer":
      return errorResponse("no_streamer", "No streamer is running right now.", 5)
    case "no_capacity":
      return errorResponse("no_capacity", "Every provider connection for this channel is in use.", 5)
  }
}
