import { quantile } from "../statistics.ts"
import type { Outcome } from "./outcome.ts"

/** Of all requests of one kind. */
export interface OutcomeSummary {
  done: number
  p50: number
  p99: number
  bytes: number
  /** How often each code. */
  limited: Map<string, number>
  /** How often each reason. */
  failed: Map<string, number>
}

/** How many requests ended, each in which way. */
export class Outcomes {
  readonly #milliseconds: number[] = []
  #bytes = 0
  readonly #limited = new Map<string, number>()
  readonly #failed = new Map<string, number>()

  add(outcome: Outcome): void {
    switch (outcome.kind) {
      case "done":
        this.#milliseconds.push(outcome.milliseconds)
        this.#bytes += outcome.bytes
        return
      case "limited":
        count(this.#limited, outcome.code)
        return
      case "failed":
        count(this.#failed, outcome.why)
    }
  }

  summary(): OutcomeSummary {
    return {
      done: this.#milliseconds.length,
      p50: quantile(this.#milliseconds, 0.5),
      p99: quantile(this.#milliseconds, 0.99),
      bytes: this.#bytes,
      limited: this.#limited,
      failed: this.#failed,
    }
  }
}

/** `3 no_capacity, 1 viewer_limit`, or `none`. */
export function countList(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([name, times]) => `${times} ${name}`).join(", ") || "none"
}

export const total = (counts: ReadonlyMap<string, number>) =>
  [...counts.values()].reduce((sum, times) => sum + times, 0)

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
