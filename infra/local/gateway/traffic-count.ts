/** What went through the gateway since the start or the last reset. */
export type GatewayStats = {
  /** HTTP requests with a valid token, without those to `/stats`: round trips of the client. */
  requests: number
  /** Commands handed to Redis; a transaction's MULTI and EXEC are not counted. */
  commands: number
  byCommand: Record<string, number>
}

/** Names come from outside, so their number is bounded. */
const MAX_NAMES = 512

/** Counts requests and commands, so that a benchmark can prove "one round trip". */
export class TrafficCount {
  #requests = 0
  #commands = 0
  #byCommand = new Map<string, number>()

  addRequest(): void {
    this.#requests++
  }

  addCommand(name: string): void {
    this.#commands++
    const count = this.#byCommand.get(name)
    if (count !== undefined) this.#byCommand.set(name, count + 1)
    else if (this.#byCommand.size < MAX_NAMES) this.#byCommand.set(name, 1)
  }

  read(): GatewayStats {
    return {
      requests: this.#requests,
      commands: this.#commands,
      byCommand: Object.fromEntries(this.#byCommand),
    }
  }

  reset(): void {
    this.#requests = 0
    this.#commands = 0
    this.#byCommand.clear()
  }
}
