const lifetimeMs = 60_000
const mostTokens = 10_000

/** Tokens of redirected live addresses; each can be used again while it lasts. */
export class RedirectTokens {
  readonly #now: () => number
  readonly #tokens = new Map<string, { account: string; channel: number; untilMs: number }>()

  constructor(now: () => number) {
    this.#now = now
  }

  issue(account: string, channel: number): string {
    const token = crypto.randomUUID().replaceAll("-", "")
    this.#tokens.set(token, { account, channel, untilMs: this.#now() + lifetimeMs })
    for (const oldest of this.#tokens.keys()) {
      if (this.#tokens.size <= mostTokens) break
      this.#tokens.delete(oldest)
    }
    return token
  }

  resolve(token: string): { account: string; channel: number } | null {
    const found = this.#tokens.get(token)
    return found && found.untilMs > this.#now() ? found : null
  }
}
