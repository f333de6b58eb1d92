import { type LookupOptions, lookup } from "node:dns"
import type { LookupFunction } from "node:net"

/** A question for the addresses of a name, and its answer: as `node:dns` takes and gives them. */
export interface LookupQuestion {
  number: number
  hostname: string
  options: LookupOptions
}
export interface LookupAnswer {
  number: number
  error: { message: string; code: string } | null
  addresses: unknown
  family: unknown
}

/**
 * Asks another thread for the addresses of names. A thread that waits for the system's resolver cannot be ended
 * until that gives up, which is seconds after everything was to be closed; the main thread ends all the same.
 */
export class LookupClient {
  readonly #ask: (question: LookupQuestion) => void
  readonly #waiting = new Map<number, Parameters<LookupFunction>[2]>()
  #asked = 0

  constructor(ask: (question: LookupQuestion) => void) {
    this.#ask = ask
  }

  /** For `net.connect`. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    const number = ++this.#asked
    this.#waiting.set(number, callback)
    this.#ask({ number, hostname, options })
  }

  answered({ number, error, addresses, family }: LookupAnswer): void {
    const callback = this.#waiting.get(number)
    this.#waiting.delete(number)
    const failure = error === null ? null : Object.assign(new Error(error.message), { code: error.code })
    callback?.(failure, addresses as string, family as number)
  }
}

/** Answers a question of another thread. */
export function answerLookup(question: LookupQuestion, answer: (answer: LookupAnswer) => void): void {
  const { number, hostname, options } = question
  lookup(hostname, options, (failure, addresses: unknown, family?: unknown) => {
    const error = failure && { message: failure.message, code: failure.code ?? "" }
    answer({ number, error, addresses, family })
  })
}
