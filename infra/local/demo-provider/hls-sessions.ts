import type { Connection, ConnectionLedger } from "./connection-ledger.ts"

type Wanted = { account: string; address: string; channel: string; userAgent: string; max: number | null }

/**
 * HLS has no connection that could be counted, so panels count a session (account, client address, channel) until
 * some time after its last request. It is swept when somebody counts; no timer is needed.
 */
export class HlsSessions {
  readonly #ledger: ConnectionLedger
  readonly #now: () => number
  readonly #idleMs: number
  readonly #sessions = new Map<string, { connection: Connection; untilMs: number }>()

  constructor(ledger: ConnectionLedger, now: () => number, idleMs: number) {
    this.#ledger = ledger
    this.#now = now
    this.#idleMs = idleMs
  }

  /** The running or a new session; null when the account is full. */
  touch({ address, ...wanted }: Wanted): Connection | null {
    this.sweep()
    const key = JSON.stringify([wanted.account, address, wanted.channel])
    const running = this.#sessions.get(key)
    if (running) {
      running.untilMs = this.#now() + this.#idleMs
      return running.connection
    }
    const connection = this.#ledger.open({ ...wanted, kind: "hls", end: () => this.#sessions.delete(key) })
    if (connection) this.#sessions.set(key, { connection, untilMs: this.#now() + this.#idleMs })
    return connection
  }

  sweep(): void {
    const now = this.#now()
    for (const [key, session] of this.#sessions) {
      if (session.untilMs > now) continue
      this.#sessions.delete(key)
      this.#ledger.release(session.connection, 0)
    }
  }
}
