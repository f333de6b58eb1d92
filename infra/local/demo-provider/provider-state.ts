import type { CatchupLog } from "./catchup-log.ts"
import type { DemoChannel } from "./channels.ts"
import type { ConnectionLedger } from "./connection-ledger.ts"
import type { FaultBook } from "./faults.ts"
import type { HlsSessions } from "./hls-sessions.ts"
import type { HlsTally } from "./hls-tally.ts"
import type { HlsTokens } from "./hls-tokens.ts"
import type { LiveChannel } from "./live-channel.ts"
import type { LiveConnection } from "./live-connection.ts"
import type { RedirectTokens } from "./redirect-tokens.ts"
import type { MovieFiles } from "./render.ts"
import type { Account, Settings } from "./settings.ts"

export type RunningChannel = DemoChannel & { full: LiveChannel; low: LiveChannel }

/** Everything the routes share. */
export type ProviderState = {
  /** Milliseconds since 1970; monotonic in production. */
  now: () => number
  settings: Settings
  accounts: Map<string, Account>
  channels: Map<number, RunningChannel>
  movie: MovieFiles & { seconds: number }
  ledger: ConnectionLedger
  faults: FaultBook
  sessions: HlsSessions
  hlsTokens: HlsTokens
  hlsTally: HlsTally
  catchup: CatchupLog
  redirects: RedirectTokens
  live: Set<LiveConnection>
}

/** The account when the password is right, whatever its status. */
export function accountOf(state: ProviderState, username: string, password: string): Account | null {
  const account = state.accounts.get(username)
  return account && account.password === password ? account : null
}
