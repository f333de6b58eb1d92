export type ConnectionKind = "live" | "hls" | "movie" | "catchup"

export type Connection = {
  id: number
  /** The username, or "" for the addresses that need no account. */
  account: string
  channel: string
  kind: ConnectionKind
  sinceMs: number
  bytesSent: number
  userAgent: string
  /** Ends it from the provider's side; the owner releases it at once. */
  end: () => void
}

export type Tally = { active: number; peak: number; opened: number; refused: number }

export type ConnectionReport = {
  accounts: Record<string, Tally>
  channels: Record<string, Tally>
  open: Omit<Connection, "end">[]
}

type Request = Omit<Connection, "id" | "sinceMs" | "bytesSent"> & { max: number | null }

/**
 * Who holds which connection. Admission counts and takes the slot in one synchronous step, so the peak is
 * exact: no moment exists in which more connections were open than it says.
 */
export class ConnectionLedger {
  readonly #now: () => number
  readonly #open = new Map<number, Connection>()
  readonly #accounts = new Map<string, Tally>()
  readonly #channels = new Map<string, Tally>()
  #lingering: { account: string; untilMs: number }[] = []
  #nextId = 1

  constructor(now: () => number) {
    this.#now = now
  }

  /** Null when the account is full. A `max` of null is no limit. */
  open({ max, ...request }: Request): Connection | null {
    const account = tally(this.#accounts, request.account)
    const channel = tally(this.#channels, request.channel)
    if (max !== null && this.held(request.account) >= max) {
      account.refused++
      channel.refused++
      return null
    }
    const connection = { ...request, id: this.#nextId++, sinceMs: Math.floor(this.#now()), bytesSent: 0 }
    this.#open.set(connection.id, connection)
    for (const count of [account, channel]) {
      count.opened++
      count.active++
      count.peak = Math.max(count.peak, count.active)
    }
    return connection
  }

  /** Idempotent. The slot stays taken for `lagMs` more. */
  release(connection: Connection, lagMs: number): void {
    if (!this.#open.delete(connection.id)) return
    tally(this.#accounts, connection.account).active--
    tally(this.#channels, connection.channel).active--
    if (lagMs > 0) this.#lingering.push({ account: connection.account, untilMs: this.#now() + lagMs })
  }

  /** Open connections and those that count for a while after their end: what `active_cons` says. */
  held(account: string): number {
    const now = this.#now()
    this.#lingering = this.#lingering.filter((slot) => slot.untilMs > now)
    const lingering = this.#lingering.filter((slot) => slot.account === account).length
    return (this.#accounts.get(account)?.active ?? 0) + lingering
  }

  oldest(account: string): Connection | null {
    for (const connection of this.#open.values()) if (connection.account === account) return connection
    return null
  }

  resetPeak(): void {
    for (const count of [...this.#accounts.values(), ...this.#channels.values()]) {
      count.peak = count.active
      count.opened = 0
      count.refused = 0
    }
  }

  report(): ConnectionReport {
    return {
      accounts: Object.fromEntries([...this.#accounts].map(([name, count]) => [name, { ...count }])),
      channels: Object.fromEntries([...this.#channels].map(([name, count]) => [name, { ...count }])),
      open: [...this.#open.values()].map(({ end: _, ...shown }) => shown),
    }
  }
}

function tally(tallies: Map<string, Tally>, key: string): Tally {
  const found = tallies.get(key) ?? { active: 0, peak: 0, opened: 0, refused: 0 }
  tallies.set(key, found)
  return found
}
