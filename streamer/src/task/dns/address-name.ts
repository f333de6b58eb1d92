import { setTimeout } from "node:timers/promises"
import type { Logger } from "@tributary/shared/log/log"
import type { AddressRecord, CloudflareRecords, RecordsResult } from "./cloudflare-records.ts"

export interface AddressNameOptions {
  records: Pick<CloudflareRecords, "find" | "create" | "replace" | "remove">
  logger: Logger
  /** Milliseconds before each repetition. */
  delays?: readonly number[]
}

// A start may take its time: until then nobody is sent here.
const usualDelays = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000]
const longestMilliseconds = 60_000

/** The name by which players find this streamer, as long as it runs. */
export class AddressName {
  readonly #options: AddressNameOptions
  #known: { name: string; id: string | null } | null = null

  constructor(options: AddressNameOptions) {
    this.#options = options
  }

  /** Has the name lead to an address, whatever it led to before; null, or why not. Faults are tried again. */
  async point(record: AddressRecord): Promise<string | null> {
    const { delays = usualDelays, logger } = this.#options
    this.#known = { name: record.name, id: null }
    for (let attempt = 0; ; attempt++) {
      // Anew from the start: what was asked for may have been done although nothing answered.
      const result = await this.#try(record)
      if (result.ok) return null
      const milliseconds = delays[attempt]
      if (!result.isFault || milliseconds === undefined) return result.message
      logger.warn("the name's record could not be made yet", { name: record.name, reason: result.message })
      const asked = (result.retryAfterSeconds ?? 0) * 1000
      await setTimeout(Math.min(longestMilliseconds, Math.max(milliseconds, asked)))
    }
  }

  /** Removes the record, once; what is left behind is removed by the edge. */
  async close(): Promise<void> {
    const known = this.#known
    if (known === null) return
    this.#known = null
    const { records, logger } = this.#options
    const found =
      known.id === null ? await records.find(known.name) : { ok: true as const, value: [{ id: known.id }] }
    const removed = found.ok ? await Promise.all(found.value.map(({ id }) => records.remove(id))) : [found]
    const failed = removed.find((result) => !result.ok)
    if (failed?.ok === false)
      logger.warn("the name's record could not be removed", { name: known.name, reason: failed.message })
  }

  async #try(record: AddressRecord): Promise<RecordsResult<unknown>> {
    const { records } = this.#options
    const found = await records.find(record.name)
    if (!found.ok) return found
    const [first, ...others] = found.value
    const written = await (first === undefined ? records.create(record) : records.replace(first.id, record))
    if (!written.ok) return written
    this.#known = { name: record.name, id: first?.id ?? idOf(written.value) }
    for (const { id } of others) {
      const removed = await records.remove(id)
      if (!removed.ok) return removed
    }
    return written
  }
}

function idOf(result: unknown): string | null {
  const isRecord = typeof result === "object" && result !== null && "id" in result
  return isRecord && typeof result.id === "string" ? result.id : null
}
