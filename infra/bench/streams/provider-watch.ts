import type { ConnectionReport } from "../../local/demo-provider/connection-ledger.ts"
import type { FaultInput } from "../../local/demo-provider/faults.ts"

const patienceMilliseconds = 5_000

/** Asks the provider what it sees, and breaks its channels. */
export class ProviderWatch {
  readonly #url: string

  constructor(url: string) {
    this.#url = url
  }

  connections(): Promise<ConnectionReport> {
    return this.#ask("connections", "GET") as Promise<ConnectionReport>
  }

  /** How many connections there are, and bits that a second each of them got while `work` ran. */
  async ratesDuring<T>(work: () => Promise<T>): Promise<{ result: T; bitsPerSecond: number[] }> {
    const from = performance.now()
    const before = await this.connections()
    const result = await work()
    const after = await this.connections()
    const seconds = (performance.now() - from) / 1000
    const sent = new Map(before.open.map(({ id, bytesSent }) => [id, bytesSent]))
    const bitsPerSecond = after.open.flatMap(({ id, bytesSent }) => {
      const earlier = sent.get(id)
      return earlier === undefined ? [] : [((bytesSent - earlier) * 8) / seconds]
    })
    return { result, bitsPerSecond }
  }

  /** Breaks the running connections of a channel. */
  async break(channel: number, fault: FaultInput): Promise<void> {
    await this.#ask(`faults/${channel}`, "PUT", { ...fault, running: true })
  }

  async mend(): Promise<void> {
    await this.#ask("faults", "DELETE")
  }

  async #ask(path: string, method: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${this.#url}/control/${path}`, {
      method,
      signal: AbortSignal.timeout(patienceMilliseconds),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!answer.ok)
      throw new Error(`the provider's control answered ${answer.status}: ${await answer.text()}`)
    return await answer.json()
  }
}
