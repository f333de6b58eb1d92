/** How the past was asked for: in one of Xtream's forms, by a query of the live address, or beside it. */
export type CatchupForm = "path" | "query" | "shift" | "append" | "default" | "timeshift_abs" | "archive"

export type CatchupRequest = {
  channel: number
  /** Unix seconds that the panel took the start for. */
  startUtc: number
  seconds: number
  form: CatchupForm
}

const mostKept = 1000

/** The requests for the past that were answered, the latest last. */
export class CatchupLog {
  readonly #requests: CatchupRequest[] = []

  add(request: CatchupRequest): void {
    this.#requests.push(request)
    if (this.#requests.length > mostKept) this.#requests.shift()
  }

  list(): CatchupRequest[] {
    return this.#requests.map((request) => ({ ...request }))
  }

  reset(): void {
    this.#requests.length = 0
  }
}
