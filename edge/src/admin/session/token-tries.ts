import { Ratelimit } from "@upstash/ratelimit"
import type { Edge } from "../../edge.ts"
import { fromStore } from "../../store-unavailable.ts"

const mostTries = 30
const window = "60 s"

export type Allowance = { ok: true } | { ok: false; retryAfterSeconds: number }

/**
 * Tries of an admin token by the address they come from, thirty a minute. A try counts before it is looked at, so that many
 * at once are not more than one after the other. `address` is Cloudflare's; where there is none, all callers are one.
 */
export class TokenTries {
  readonly #limit: Ratelimit

  constructor({ redis }: Edge) {
    this.#limit = new Ratelimit({
      redis,
      limiter: Ratelimit.slidingWindow(mostTries, window),
      prefix: "token-tries",
      // A Worker has many isolates, and each would remember on its own.
      ephemeralCache: false,
    })
  }

  /** Counts a try and says whether it may be made. Rejects when the store is away. */
  async take(address: string): Promise<Allowance> {
    const { success, reset } = await fromStore(this.#limit.limit(nameOf(address)))
    return success ? { ok: true } : { ok: false, retryAfterSeconds: secondsUntil(reset) }
  }

  /** Whether one may be made, without counting it. Rejects when the store is away. */
  async look(address: string): Promise<Allowance> {
    const { remaining, reset } = await fromStore(this.#limit.getRemaining(nameOf(address)))
    return remaining > 0 ? { ok: true } : { ok: false, retryAfterSeconds: secondsUntil(reset) }
  }
}

const nameOf = (address: string) => (address === "" ? "unknown" : address)

const secondsUntil = (milliseconds: number) => Math.max(1, Math.ceil((milliseconds - Date.now()) / 1000))
