import { z } from "zod"
import type { IndexedChannel } from "../catalogue/entry.ts"
import { keys } from "../store/keys.ts"
import type { RunScript } from "./scripts.ts"
import { leaseMilliseconds, probeMilliseconds, streamerDeadMilliseconds } from "./times.ts"

export interface AdmissionRequest {
  /** Random ids made by the caller, so that a repeated call has no second effect. */
  lease: string
  session: string
  /** null: nobody said who they are. */
  viewer: { username: string; check: string | "trusted" } | null
  /** Digest of the viewer's network address. */
  address: string
  channelId: string
  channel: IndexedChannel
  region: string
  /** The streamer that asks, when one does. */
  prefer?: string
  /** Decide, but change nothing (HEAD). */
  dry?: boolean
}

const admittedSchema = z.object({
  code: z.enum(["join", "open"]),
  streamer: z.string(),
  address: z.string(),
  lease: z.string(),
  source: z.string(),
  profile: z.string(),
  feed: z.string(),
  session: z.string(),
  viewer: z.string().nullable(),
  yielded: z.string().nullable(),
})

const refusedSchema = z.discriminatedUnion("code", [
  z.object({ code: z.literal("forbidden"), reason: z.enum(["disabled", "expired", "group"]) }),
  z.object({ code: z.enum(["unauthorized", "viewer_limit", "no_streamer", "no_capacity"]) }),
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
 * streamer (`admit.lua`). Rejects when the store cannot be reached.
 */
export async function admit(run: RunScript, request: AdmissionRequest): Promise<Admission> {
  const sources = [...new Set(request.channel.feeds.map((feed) => feed.source))]
  const username = request.viewer?.username ?? ""
  const scriptKeys: string[] = [keys.sources, keys.settings, keys.viewers, keys.live, keys.streamers]
  scriptKeys.push(keys.sessions(username))
  for (const source of sources) scriptKeys.push(keys.leases(source), keys.reports(source))
  const reply = await run("admit", scriptKeys, [
    JSON.stringify({
      lease: request.lease,
      session: request.session,
      username,
      check: request.viewer?.check ?? "",
      trusted: request.viewer?.check === "trusted",
      address: request.address,
      channel: request.channelId,
      groups: request.channel.groups,
      sources,
      feeds: request.channel.feeds.map((feed) => ({ id: feed.id, source: sources.indexOf(feed.source) + 1 })),
      region: request.region,
      prefer: request.prefer ?? "",
      dry: request.dry ?? false,
      leaseMs: leaseMilliseconds,
      streamerDeadMs: streamerDeadMilliseconds,
      probeMs: probeMilliseconds,
    }),
  ])
  return admissionSchema.parse(JSON.parse(reply))
}
