import type { AccountTarget } from "./account-target.ts"
import type { AccountAnswer } from "./ask-account.ts"

export interface PanelQueueOptions {
  /** Asks one panel. */
  ask: (target: AccountTarget, signal: AbortSignal) => Promise<AccountAnswer>
  /** Unix milliseconds. */
  now: () => number
  /** Rejects when the signal aborts it. */
  sleep: (milliseconds: number, signal: AbortSignal) => Promise<unknown>
  signal: AbortSignal
}

/** Whose turn it is at one server. */
interface Server {
  /** Resolves when the last question that waits here has been answered. */
  last: Promise<void>
  waiting: number
  endedAt: number | null
  /** It did not answer. */
  silent: { at: number; answer: AccountAnswer } | null
}

const mostServersAtOnce = 4
// Panels take several questions in a row for an attack, and ban the account.
const gapMilliseconds = 1_000
// Whoever asks for another account there meanwhile would only wait for the same time-out.
const silenceMilliseconds = 30_000

/** Asks panels so that none is hammered: one question at a time at each server, with a gap after it. */
export class PanelQueue {
  readonly #options: PanelQueueOptions
  readonly #servers = new Map<string, Server>()
  readonly #waiting: (() => void)[] = []
  #asked = 0

  constructor(options: PanelQueueOptions) {
    this.#options = options
  }

  /** Waits for its turn, then asks. Rejects only when the signal aborts it. */
  async ask(target: AccountTarget): Promise<AccountAnswer> {
    this.#forgetIdle()
    const { origin } = new URL(target.url)
    const server = this.#servers.get(origin) ?? {
      ...{ last: Promise.resolve(), waiting: 0, endedAt: null, silent: null },
    }
    this.#servers.set(origin, server)
    const before = server.last
    const turn = Promise.withResolvers<void>()
    server.last = turn.promise
    server.waiting++
    try {
      await before
      return await this.#atServer(server, target)
    } finally {
      server.waiting--
      turn.resolve()
    }
  }

  async #atServer(server: Server, target: AccountTarget): Promise<AccountAnswer> {
    const { now, signal } = this.#options
    signal.throwIfAborted()
    if (server.silent !== null) {
      if (this.#since(server.silent.at) < silenceMilliseconds) return server.silent.answer
      server.silent = null
    }
    const gap = server.endedAt === null ? 0 : gapMilliseconds - this.#since(server.endedAt)
    if (gap > 0) await this.#options.sleep(gap, signal)
    await this.#enter()
    try {
      signal.throwIfAborted()
      const answer = await this.#options.ask(target, signal)
      if (!answer.ok && isSilence(answer)) server.silent = { at: now(), answer }
      return answer
    } finally {
      server.endedAt = now()
      this.#leave()
    }
  }

  /** A clock that was set back makes nobody wait. */
  #since(time: number): number {
    const since = this.#options.now() - time
    return since < 0 ? Number.POSITIVE_INFINITY : since
  }

  async #enter(): Promise<void> {
    if (this.#asked < mostServersAtOnce) this.#asked++
    else await new Promise<void>((resolve) => void this.#waiting.push(resolve))
  }

  /** Whoever waits longest takes the place. */
  #leave(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#asked--
    else next()
  }

  #forgetIdle(): void {
    for (const [origin, { waiting, endedAt }] of this.#servers)
      if (waiting === 0 && this.#since(endedAt ?? 0) >= silenceMilliseconds) this.#servers.delete(origin)
  }
}

function isSilence({ problem, isOtherServer }: Extract<AccountAnswer, { ok: false }>): boolean {
  return problem === "timeout" || problem === "server_down" || (problem === "wrong_server" && !isOtherServer)
}
