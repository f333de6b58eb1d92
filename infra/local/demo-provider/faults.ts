import { z } from "zod"

export const faultSchema = z.strictObject({
  kind: z.enum(["refuse", "status", "hang", "stall", "reset", "end", "garbage", "html", "slow"]),
  /** For `status`. */
  status: z.int().min(200).max(599).default(404),
  /** For `slow`. */
  bytesPerSecond: z.number().positive().default(16_000),
  /** The fault begins when the answer's body has sent this much, or this long after the request. */
  afterBytes: z.int().min(0).optional(),
  afterMs: z.number().min(0).optional(),
  /** Only for this username. */
  account: z.string().optional(),
  /** For the next so many requests; without it until cleared. */
  requests: z.int().min(1).optional(),
  /** Also for the streams that run when it is set; these are not counted as requests. */
  running: z.boolean().default(false),
})
export type Fault = z.infer<typeof faultSchema>
export type FaultInput = z.input<typeof faultSchema>

/** Kinds that take the place of the answer; the others spoil its body. */
export const replacesAnswer = (fault: Fault): boolean =>
  ["refuse", "status", "hang", "html"].includes(fault.kind)

/** Is the fault on by now? Both conditions have to hold where both are given. */
export function hasBegun(fault: Fault, bytesSent: number, elapsedMs: number): boolean {
  return bytesSent >= (fault.afterBytes ?? 0) && elapsedMs >= (fault.afterMs ?? 0)
}

/**
 * Faults by target: a channel's or movie's id, `*` for every stream, or `api`, `m3u`, `xmltv`. A target's own
 * faults come before those of `*`, and the first that fits the account is used.
 */
export class FaultBook {
  readonly #faults = new Map<string, Fault[]>()

  set(target: string, faults: Fault[]): void {
    this.#faults.set(target, [...faults])
  }

  clear(target?: string): void {
    if (target === undefined) this.#faults.clear()
    else this.#faults.delete(target)
  }

  list(): Record<string, Fault[]> {
    return Object.fromEntries([...this.#faults].map(([target, faults]) => [target, [...faults]]))
  }

  /** The fault of this request, or null. Counts it down and forgets it when it is used up. */
  take(target: string, account: string, isStream: boolean): Fault | null {
    for (const key of isStream ? [target, "*"] : [target]) {
      const faults = this.#faults.get(key) ?? []
      const index = faults.findIndex((fault) => fault.account === undefined || fault.account === account)
      const fault = faults[index]
      if (!fault) continue
      if (fault.requests !== undefined) {
        const left = fault.requests - 1
        faults.splice(index, 1, ...(left > 0 ? [{ ...fault, requests: left }] : []))
        if (faults.length === 0) this.#faults.delete(key)
      }
      return fault
    }
    return null
  }
}
