import { log } from "@tributary/shared/log/log"
import { keys } from "@tributary/shared/store/keys"
import type { Edge } from "../../edge.ts"
import { fromStore } from "../../store-unavailable.ts"
import { type DnsFailure, DnsRecords } from "./dns-records.ts"

const logger = log("edge", "fleet")

// A streamer makes its record before it registers, and is not forgotten before it was silent for as long.
const youngMilliseconds = 5 * 60_000

// Each costs a call; what is left is deleted in the next minute.
const mostPerRun = 20

export const dnsTimeoutMilliseconds = 10_000

/** What a run came to. `not_asked`: there is nothing to reap, or the store does not know who is registered. */
export type Reaped =
  | { code: "done"; deleted: string[] }
  | { code: "not_asked" }
  | { code: "failed"; failure: DnsFailure; deleted: string[] }

/**
 * Deletes the DNS records of streamers that are gone: those below `STREAMER_DOMAIN` that streamers made, whose streamer
 * is not registered, and that are no longer new. `now`: Unix milliseconds. Rejects only when the store cannot be reached.
 */
export async function reapRecords(
  edge: Edge,
  now: number,
  timeoutMilliseconds = dnsTimeoutMilliseconds,
): Promise<Reaped> {
  const { STREAMER_DOMAIN: domain } = edge.config
  if (domain === undefined) return { code: "not_asked" }
  const registered = await registeredStreamers(edge)
  if (registered === null) return { code: "not_asked" }
  const records = new DnsRecords(edge.config, timeoutMilliseconds)
  const listed = await records.list(domain)
  if (!listed.ok) return fail(listed.failure, [])
  const dead = listed.value.filter(
    ({ name, changedAt }) =>
      changedAt < now - youngMilliseconds && !registered.has(name.slice(0, -domain.length - 1)),
  )
  const deleted: string[] = []
  for (const { id, name } of dead.slice(0, mostPerRun)) {
    const answer = await records.delete(id)
    if (!answer.ok) return fail(answer.failure, deleted)
    deleted.push(name.slice(0, -domain.length - 1))
  }
  if (deleted.length > 0)
    logger.info("deleted DNS records of streamers that are gone", { streamers: deleted.join(",") })
  return { code: "done", deleted }
}

/** Null while a store that has lost its data is told again who runs. */
async function registeredStreamers({ redis }: Edge): Promise<Set<string> | null> {
  const [ids, epoch, recovering] = await fromStore(
    redis
      .pipeline()
      .hkeys(keys.streamers)
      .exists(keys.epoch)
      .exists(keys.recovering)
      .exec<[string[], number, number]>(),
  )
  return epoch === 0 || recovering === 1 ? null : new Set(ids)
}

function fail(failure: DnsFailure, deleted: string[]): Reaped {
  logger.warn("DNS records of streamers that are gone are kept until the next minute", {
    ...failure,
    deleted: deleted.join(","),
  })
  return { code: "failed", failure, deleted }
}
