import type { ServerResponse } from "node:http"
import type { Connection } from "./connection-ledger.ts"
import type { ProviderState } from "./provider-state.ts"
import { statusOf } from "./settings.ts"

/**
 * Takes a slot by `open`, which gives null when the account is full; then answers as this provider does when it is
 * full. An account of "" has no limit.
 */
export function admit(
  state: ProviderState,
  response: ServerResponse,
  username: string,
  open: (max: number | null) => Connection | null,
): Connection | null {
  state.sessions.sweep()
  const account = state.accounts.get(username)
  if (username !== "" && (!account || statusOf(account, state.now()) !== "Active")) {
    deny(response, 403)
    return null
  }
  const max = account?.maxConnections ?? null
  const { whenFull } = state.settings
  if (whenFull === "replace-oldest" && max !== null && max > 0) {
    while (state.ledger.held(username) >= max) {
      const oldest = state.ledger.oldest(username)
      if (!oldest) break
      // Without lag: the provider itself ended it, and gives its slot to the newcomer in the same step.
      state.ledger.release(oldest, 0)
      oldest.end()
    }
  }
  const connection = open(max)
  if (connection) return connection
  if (typeof whenFull === "number") deny(response, whenFull)
  else if (whenFull === "accept-then-close") response.writeHead(200, { "content-type": "video/mp2t" }).end()
  else deny(response, 403)
  return null
}

/** A status with an empty body, as panels refuse streams. */
export function deny(response: ServerResponse, status: number): void {
  response.writeHead(status, { "content-length": 0, connection: "close" }).end()
}
