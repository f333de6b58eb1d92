import type { UpstreamFailure } from "../upstream/upstream.ts"

// How providers say that they give this account no (further) connection now: 403 and 429 by the book; Xtream panels
// answer 401, 403, 456 (not active), 458 (too many connections) or 461 to 463, others 423, 503, 509 or 513.
const refusals = new Set([401, 403, 423, 429, 456, 458, 461, 462, 463, 503, 509, 513])

/**
 * Whose fault it is that a feed did not open: of the account ("full" above all, which says nothing of the feed), of
 * the server that could not be reached, of the feed, or of nobody there.
 */
export function blameFor(failure: UpstreamFailure): "profile" | "server" | "feed" | "nobody" {
  switch (failure.code) {
    case "aborted":
    case "bad_address":
    case "finished":
      return "nobody"
    case "http_status":
      return refusals.has(failure.status) ? "profile" : "feed"
    case "refused":
    case "unresolved":
    case "timeout":
      return "server"
    default:
      return "feed"
  }
}
