import type { Keys } from "@tributary/shared/secrets/keys"
import { keys as storeKeys } from "@tributary/shared/store/keys"
import type { StreamerRecord } from "@tributary/shared/store/records"
import { signTicket, type Ticket } from "@tributary/shared/ticket"
import type { Redis } from "@upstash/redis"
import { type OpenResult, openHttp } from "./open-http.ts"

/** Opens a ticket's live stream at the streamer that holds its upstream connection. */
export type OpenRelay = (ticket: Ticket, origin: string, signal: AbortSignal) => Promise<OpenResult>

export interface RelayOptions {
  streamer: string
  keys: Keys
  redis: Pick<Redis, "hget">
  /** Unix milliseconds. */
  now: () => number
  stallMilliseconds: () => number
}

const relaySession = (streamer: string) => `relay-${streamer}`

/** The streamer that a relay's session is of; null when it is none. */
export function relayingStreamer(session: string): string | null {
  return /^relay-(.+)$/.exec(session)?.[1] ?? null
}

/**
 * Relays are tickets like any other, in this streamer's name: the origin closes what yields, opens what is to be
 * opened, and sends its stream from the newest keyframe on. Rejects when the store is away.
 */
export function relayOpener({ streamer, keys, redis, now, stallMilliseconds }: RelayOptions): OpenRelay {
  return async (ticket, origin, signal) => {
    const text = await redis.hget<string>(storeKeys.streamers, origin)
    if (text === null) return { ok: false, failure: { code: "refused" } }
    const { internalAddress } = JSON.parse(text) as StreamerRecord
    const own: Ticket = {
      ...ticket,
      ...{ streamer: origin, relay: null, relayTo: streamer, viewer: null, session: relaySession(streamer) },
      // What is made of it is made here.
      transcode: null,
    }
    const signed = await signTicket(keys, own, Math.floor(now() / 1000))
    return openHttp({
      url: `${internalAddress}/live/${signed}.ts`,
      headers: { "user-agent": "Tributary" },
      stallMilliseconds: stallMilliseconds(),
      signal,
    })
  }
}
