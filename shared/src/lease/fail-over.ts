import * as z from "zod"
import type { IndexedChannel } from "../catalogue/entry.ts"
import { feedNeeds } from "../catalogue/feed-needs.ts"
import { keys } from "../store/keys.ts"
import type { LeaseName } from "./lease-name.ts"
import type { RunScript } from "./scripts.ts"
import { beatMilliseconds, leaseMilliseconds, streamerDeadMilliseconds } from "./times.ts"
import type { WatcherStatement } from "./watchers.ts"

// A heartbeat that is overdue by this much is not only late.
const silentMilliseconds = beatMilliseconds + 2_000

export interface FailOverRequest {
  streamer: string
  /** That of the last heartbeat. */
  epoch: string
  /** Random, made by the caller: a repeated call has no second effect. */
  move: string
  /** The connection that failed; of the origin, when the stream is relayed. */
  connection: LeaseName & { feed: string }
  /** Its channel's feeds, in failover order. */
  channel: IndexedChannel
  /** What is not to be tried now: a feed (`feed`), or one with a profile (`feed/profile`). */
  skip: readonly string[]
  /** Where the stream was relayed from; null when the connection is the streamer's own. */
  relay: {
    origin: string
    /** Nothing listens there any more, so its connection may be taken over. */
    isGone: boolean
    /** Random: the lease under which the stream gets a connection of its own. */
    newLease: string
  } | null
  watchers: WatcherStatement
}

const connectionFields = { lease: z.string(), source: z.string(), profile: z.string(), feed: z.string() }

const replySchema = z.discriminatedUnion("code", [
  z.object({
    code: z.literal("open"),
    ...connectionFields,
    /** The lease whose connection is closed first. */
    yielded: z.string().nullable(),
    /** The feed failed lately. */
    failing: z.boolean(),
  }),
  z.object({ code: z.literal("relay"), streamer: z.string(), ...connectionFields }),
  z.object({
    code: z.literal("none"),
    reasons: z
      .array(z.string())
      .nullish()
      .transform((reasons) => reasons ?? []),
    /** When it is worth to ask again; 0: at any moment. */
    retryMs: z.number(),
  }),
  z.object({ code: z.enum(["lost", "stale"]) }),
])

export type FailOverReply = z.output<typeof replySchema>

/**
 * Decides where a live stream goes on whose upstream failed (`fail-over.lua`): on the next feed after its own that has
 * room, else on the first ones. Call it when the old upstream is closed. Rejects when the store cannot be reached.
 */
export async function failOver(run: RunScript, request: FailOverRequest): Promise<FailOverReply> {
  const { connection, channel, relay } = request
  const at = channel.feeds.findIndex(({ id }) => id === connection.feed)
  const feeds = [...channel.feeds.slice(at + 1), ...channel.feeds.slice(0, at + 1)]
  const sources = [...new Set([connection.source, ...feeds.map(({ source }) => source)])]
  const scriptKeys = [
    ...[keys.sources, keys.live, keys.streamers, keys.recovering, keys.epoch],
    ...sources.flatMap((source) => [keys.leases(source), keys.reports(source), keys.ended(source)]),
    ...feeds.map(({ id }) => keys.feedHealth(id)),
  ]
  const reply = await run("failOver", scriptKeys, [
    JSON.stringify({
      ...{
        streamer: request.streamer,
        epoch: request.epoch,
        key: connection.key,
        lease: connection.lease,
        move: request.move,
      },
      origin: relay?.origin ?? "",
      originGone: relay?.isGone ?? false,
      newLease: relay?.newLease ?? "",
      watchers: request.watchers,
      sources,
      feeds: feeds.map((feed) => ({
        id: feed.id,
        source: sources.indexOf(feed.source) + 1,
        ...feedNeeds(feed.locator),
      })),
      skip: request.skip,
      leaseMs: leaseMilliseconds,
      streamerDeadMs: streamerDeadMilliseconds,
      silentMs: silentMilliseconds,
    }),
  ])
  return replySchema.parse(JSON.parse(reply))
}
