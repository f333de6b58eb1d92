import { setTimeout as delay } from "node:timers/promises"
import type { GatewayStats } from "../../local/gateway/traffic-count.ts"

/** What went through the gateway while something ran. */
export interface Traffic<T> extends GatewayStats {
  seconds: number
  result: T
}

/** Asks the local gateway what it has handed to Redis. Asking is not counted there. */
export class GatewayWatch {
  readonly #url: string
  readonly #token: string

  constructor(port: number, token: string) {
    this.#url = `http://127.0.0.1:${port}/stats`
    this.#token = token
  }

  async read(): Promise<GatewayStats> {
    const headers = { authorization: `Bearer ${this.#token}` }
    const answer = await fetch(this.#url, { headers, signal: AbortSignal.timeout(5_000) })
    if (!answer.ok) throw new Error(`the gateway's statistics answered ${answer.status}`)
    return (await answer.json()) as GatewayStats
  }

  async during<T>(work: () => Promise<T>): Promise<Traffic<T>> {
    const before = await this.read()
    const from = performance.now()
    const result = await work()
    const seconds = (performance.now() - from) / 1000
    return { ...difference(before, await this.read()), seconds, result }
  }

  /** While nothing is done. */
  idle(seconds: number): Promise<Traffic<unknown>> {
    return this.during(() => delay(seconds * 1000))
  }
}

/** What was counted from one reading to a later one. */
export function difference(before: GatewayStats, after: GatewayStats): GatewayStats {
  const byCommand = Object.entries(after.byCommand)
    .map(([name, count]) => [name, count - (before.byCommand[name] ?? 0)] as const)
    .filter(([, count]) => count > 0)
  return {
    requests: after.requests - before.requests,
    commands: after.commands - before.commands,
    byCommand: Object.fromEntries(byCommand),
  }
}

/** As a reader wants it: the most frequent first. */
export function commandList({ byCommand }: GatewayStats): string {
  const sorted = Object.entries(byCommand).toSorted(([, a], [, b]) => b - a)
  return sorted.map(([name, count]) => `${name} ${count}`).join(", ") || "none"
}
