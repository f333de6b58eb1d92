import { errorResponse } from "../http/errors.ts"
import type { Refused, Scheme } from "./admit.ts"

const forbidden = {
  disabled: "This viewer is disabled.",
  expired: "This viewer's access has expired.",
  group: "This viewer may not watch this channel's group.",
  ended: "This session was ended; ask the edge again.",
} as const

// What is not full but cannot be used, in the order in which it is told.
const obstacles = [
  ["expired", "an account has expired"],
  ["banned", "an account is banned"],
  ["wrong_password", "an account's password is wrong"],
  ["disabled", "an account is disabled"],
  ["refused", "the provider refuses connections right now"],
  ["recovering", "the store is recovering"],
  ["not_rebuildable", "an account cannot open this channel's address"],
  ["blocked", "a feed keeps failing and is left alone for a while"],
  ["failed", "a feed has just failed"],
] as const

const shortestRetrySeconds = 5
const longestRetrySeconds = 60

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
      return errorResponse("no_streamer", noStreamer(refused.scheme), 5)
    case "no_capacity": {
      const seconds = Math.ceil(refused.retryMs / 1000)
      return errorResponse(
        "no_capacity",
        noCapacity(refused.reasons),
        Math.min(Math.max(seconds, shortestRetrySeconds), longestRetrySeconds),
      )
    }
  }
}

/** What a player is answered while a fleet that had no streamer starts one. */
export function startingResponse(retryAfterSeconds: number): Response {
  const message = `A streamer is being started; ask again in ${retryAfterSeconds} seconds.`
  return errorResponse("no_streamer", message, retryAfterSeconds)
}

/** `scheme`: the player's, when streamers run that it would not follow a redirect to. */
export function noStreamer(scheme?: Scheme): string {
  return scheme === undefined
    ? "No streamer is running right now."
    : `No streamer is reachable over ${scheme} right now, and players may not follow a redirect to another scheme.`
}

/** Why nothing could be opened: full accounts come first, as they may be free at any moment. */
function noCapacity(reasons: readonly string[]): string {
  if (reasons.includes("full")) return "Every provider connection for this channel is in use."
  if (reasons.includes("elsewhere"))
    return "Every provider connection for this channel is in use, some by others than Tributary."
  const words = obstacles.flatMap(([reason, text]) => (reasons.includes(reason) ? [text] : []))
  if (words.length === 0) return "No provider account can open this channel."
  return `This channel cannot be opened right now: ${words.join("; ")}.`
}
