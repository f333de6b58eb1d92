import * as z from "zod"
import { claimMilliseconds, questionGapMilliseconds } from "../account/report.ts"
import type { IndexedChannel } from "../catalogue/entry.ts"
import { feedNeeds } from "../catalogue/feed-needs.ts"
import { keys } from "../store/keys.ts"
import type { RunScript } from "./scripts.ts"
import {
  comeBackMilliseconds,
  leaseMilliseconds,
  probeMilliseconds,
  streamerDeadMilliseconds,
} from "./times.ts"

/** Of an address that players open. */
export type Scheme = "http" | "https"

export interface AdmissionRequest {
  /** Random ids made by the caller, so that a repeated call has no second effect. */
  lease: string
  session: string
  /** null: nobody said who they are. */
  viewer: { username: string; check: string | "trusted" } | null
  /** Digest of the viewer's network address. */
  address: string
  /** False where the network address is not known, so that all such viewers have one digest. */
  addressKnown?: boolean
  channelId: string
  channel: IndexedChannel
  /** Of a stream that is not shared: whose it is. All their requests for it are one session and one lease. */
  owner?: string
  /** Nobody watches: an always-on channel is to run. */
  unattended?: boolean
  /** The admin looks at it, who needs no viewer. */
  admin?: boolean
  region: string
  /**
   * That of the address by which the player came: some players (ExoPlayer) follow no redirect to another one. Left out:
   * any; a streamer that asks has its own.
   */
  scheme?: Scheme
  /** The session whose ticket is shown again: refused when the admin has ended it. */
  resumes?: string
  /** The streamer that asks, when one does. */
  prefer?: string
  /** What is not to be tried, because it has just failed: a feed (`feed`), or one with a profile (`feed/profile`). */
  skip?: readonly string[]
  /** Whether the stream that the viewer watches alone may be ended for this one; true unless it is given. */
  takeOver?: boolean
  /** Decide, but change nothing (HEAD). */
  dry?: boolean
}

const orNone = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item)
    .nullable()
    .transform((list) => list ?? [])

const skippedSchema = z.object({ source: z.string(), profile: z.string(), reason: z.string() })

const admittedSchema = z.object({
  code: z.enum(["join", "open"]),
  /** Where the viewer goes, and its address. */
  streamer: z.string(),
  address: z.string(),
  /** The streamer that holds the upstream connection, when it is another one: relay from there. */
  relay: z.string().nullable(),
  /** Of the live stream: the channel, or `channel~owner` where it is not shared. */
  key: z.string(),
  lease: z.string(),
  source: z.string(),
  profile: z.string(),
  feed: z.string(),
  session: z.string(),
  viewer: z.string().nullable(),
  yielded: z.string().nullable(),
  /** Sessions of the viewer that have ended for this one. */
  ends: orNone(z.string()),
  /** The feed failed lately: its failures are forgotten when it opens now. */
  failing: z.boolean(),
  /** Redis milliseconds of the admission: machines' clocks may differ. */
  at: z.number(),
  /** Profiles that were passed over, and why. */
  skipped: orNone(skippedSchema),
})

const refusedSchema = z.discriminatedUnion("code", [
  z.object({ code: z.literal("forbidden"), reason: z.enum(["disabled", "expired", "group", "ended"]) }),
  /** zapping: the session in the way is the same player's, and may be about to end. */
  z.object({ code: z.literal("viewer_limit"), zapping: z.boolean() }),
  z.object({
    code: z.literal("no_capacity"),
    /** What was in the way, of all feeds and profiles. */
    reasons: orNone(z.string()),
    /** When it is worth to ask again; 0: at any moment. */
    retryMs: z.number(),
    skipped: orNone(skippedSchema),
    zapping: z.boolean(),
  }),
  z.object({ code: z.literal("unauthorized") }),
  /** scheme: the player's, where streamers of another one run. */
  z.object({ code: z.literal("no_streamer"), scheme: z.enum(["http", "https"]).optional() }),
])

const admissionSchema = z.discriminatedUnion("code", [admittedSchema, refusedSchema])

export type Admitted = z.output<typeof admittedSchema>
export type Refused = z.output<typeof refusedSchema>
export type Admission = z.output<typeof admissionSchema>

/** Whether the viewer may play: they join a running live stream, or a new one is to be opened. */
export function isAdmitted(admission: Admission): admission is Admitted {
  return admission.code === "join" || admission.code === "open"
}

/**
 * Decides in one round trip whether a viewer may watch a channel, over which connection and from which
 * streamer (`acquire.lua`). Rejects when the store cannot be reached.
 */
export async function admit(run: RunScript, request: AdmissionRequest): Promise<Admission> {
  const { feeds, groups } = request.channel
  const sources = [...new Set(feeds.map((feed) => feed.source))]
  const username = request.viewer?.username ?? ""
  const scriptKeys = [
    ...[keys.sources, keys.settings, keys.viewers, keys.live, keys.streamers],
    ...[keys.sessions(username), keys.recovering, keys.profilesDue, keys.endedSessions(username)],
    ...sources.flatMap((source) => [keys.leases(source), keys.reports(source), keys.ended(source)]),
    ...feeds.map((feed) => keys.feedHealth(feed.id)),
  ]
  const reply = await run("acquire", scriptKeys, [
    JSON.stringify({
      lease: request.lease,
      session: request.session,
      username,
      check: request.viewer?.check ?? "",
      trusted: request.viewer?.check === "trusted",
      resumes: request.resumes ?? "",
      address: request.address,
      addressKnown: request.addressKnown ?? true,
      channel: request.channelId,
      key: liveKey(request.channelId, request.owner),
      solo: request.owner !== undefined,
      unattended: request.unattended ?? false,
      admin: request.admin ?? false,
      groups,
      sources,
      feeds: feeds.map((feed) => ({
        id: feed.id,
        source: sources.indexOf(feed.source) + 1,
        ...feedNeeds(feed.locator),
      })),
      skip: request.skip ?? [],
      region: request.region,
      scheme: request.scheme ?? "",
      prefer: request.prefer ?? "",
      takeOver: request.takeOver ?? true,
      dry: request.dry ?? false,
      leaseMs: leaseMilliseconds,
      streamerDeadMs: streamerDeadMilliseconds,
      probeMs: probeMilliseconds,
      comeBackMs: comeBackMilliseconds,
      claimMs: claimMilliseconds,
      questionGapMs: questionGapMilliseconds,
    }),
  ])
  return admissionSchema.parse(JSON.parse(reply))
}

/** The key of a live stream: its channel, or the channel and its owner when it is not shared. */
export function liveKey(channel: string, owner?: string): string {
  return owner === undefined ? channel : `${channel}~${owner}`
}

/** What a live stream's key says: `owner` where it is not shared. */
export function partsOfKey(key: string): { channel: string; owner?: string } {
  const at = key.indexOf("~")
  return at < 0 ? { channel: key } : { channel: key.slice(0, at), owner: key.slice(at + 1) }
}

/** What of a channel's past a viewer plays is admitted under this name: it is no part of the live stream. */
export function pastOf(channel: string): string {
  return `${pastPrefix}${channel}`
}

/** The channel whose past is admitted under this name; null where it is no past. */
export function channelOfPast(name: string): string | null {
  return name.startsWith(pastPrefix) ? name.slice(pastPrefix.length) : null
}

const pastPrefix = "catchup."
