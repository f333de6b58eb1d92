import { expect } from "vitest"
import { sourceSchema, viewerSchema } from "../config/config-file.ts"
import { deriveKeys } from "../secrets/keys.ts"
import { passwordCheck } from "../secrets/password-check.ts"
import { keys } from "../store/keys.ts"
import type { LiveRecord, ProfileReport, StreamerRecord } from "../store/records.ts"
import { replaceSettings, saveSources, saveViewers } from "../store/save-config.ts"
import { type AdmissionRequest, type Admitted, admit, isAdmitted } from "./admit.ts"
import { type BeatRequest, beat, type HeldLease } from "./beat.ts"
import { leave } from "./end.ts"
import type { TestStore } from "./test-store.ts"

export const secretKeys = await deriveKeys("a secret of an installation, long enough")

type Seed = Record<string, unknown>

/** What tests of the scripts say and ask, written and read as both tiers do. */
export class TestWorld {
  readonly store: TestStore
  #made = 0

  constructor(store: TestStore) {
    this.store = store
  }

  /** Empties the store; then playlists are public and one streamer runs. */
  async reset(): Promise<void> {
    await this.store.redis.flushall()
    await replaceSettings(this.store.redis, { publicPlaylist: true })
    await this.streamer("s1")
  }

  /** Sources whose primary profile has the given limit (null = none), or written out. */
  async sources(limits: Record<string, number | null | Seed>): Promise<void> {
    const sources = Object.entries(limits).map(([id, limit]) => {
      const own = typeof limit === "object" && limit !== null ? limit : { maxStreams: limit }
      return sourceSchema.parse({ id, type: "m3u", url: `http://${id}.example/x`, ...own })
    })
    await saveSources(this.store.redis, secretKeys, sources, "file", { replace: true })
  }

  async viewers(...viewers: Seed[]): Promise<void> {
    const parsed = viewers.map((viewer) => viewerSchema.parse({ password: "secret", ...viewer }))
    await saveViewers(this.store.redis, secretKeys, parsed, "file", { replace: true })
  }

  async report(source: string, profile: string, report: Partial<ProfileReport>): Promise<void> {
    const full: ProfileReport = { maxConnections: null, status: "active", expiresAt: null, ...report }
    await this.store.redis.hset(keys.reports(source), { [profile]: JSON.stringify(full) })
  }

  /** A heartbeat of a streamer that holds these leases. */
  beat(id: string, request: Partial<BeatRequest> = {}, record: Partial<StreamerRecord> = {}) {
    return beat(this.store.run, {
      streamer: id,
      record: {
        address: `http://${id}.example`,
        internalAddress: `http://${id}.internal`,
        region: "EU",
        viewers: 0,
        streams: 0,
        draining: false,
        version: "1",
        ...record,
      },
      epoch: "",
      newEpoch: `epoch ${++this.#made}`,
      leases: [],
      sessions: [],
      ...request,
    })
  }

  streamer(id: string, record: Partial<StreamerRecord> = {}) {
    return this.beat(id, {}, record)
  }

  /** Makes a streamer's last heartbeat older. */
  async silence(id: string, milliseconds: number): Promise<void> {
    const text = await this.store.redis.hget<string>(keys.streamers, id)
    const record = JSON.parse(text ?? "") as StreamerRecord
    await this.store.redis.hset(keys.streamers, {
      [id]: JSON.stringify({ ...record, at: (await this.store.now()) - milliseconds }),
    })
  }

  /** A request for a channel whose feeds are of these sources, in failover order. */
  async request(
    channelId: string,
    sources: string[],
    options: Partial<AdmissionRequest> & { as?: string; password?: string } = {},
  ): Promise<AdmissionRequest> {
    const { as, password = "secret", ...rest } = options
    const feeds = sources.map((source, index) => ({
      id: `feed-${channelId}-${index}`,
      source,
      locator: { kind: "url" as const, template: "x" },
    }))
    return {
      lease: `lease-${++this.#made}`,
      session: `session-${this.#made}`,
      viewer:
        as === undefined ? null : { username: as, check: await passwordCheck(secretKeys, as, password) },
      address: "living-room",
      channelId,
      channel: { name: channelId, groups: ["Sport"], feeds },
      region: "EU",
      ...rest,
    }
  }

  async ask(...parameters: Parameters<TestWorld["request"]>) {
    return admit(this.store.run, await this.request(...parameters))
  }

  /** Asks for a channel; fails when nobody may watch it. */
  async open(...parameters: Parameters<TestWorld["request"]>): Promise<Admitted> {
    const admission = await this.ask(...parameters)
    if (!isAdmitted(admission)) throw new Error(`refused: ${admission.code}`)
    return admission
  }

  async live(channel: string): Promise<LiveRecord | null> {
    const text = await this.store.redis.hget<string>(keys.live, channel)
    return text === null ? null : (JSON.parse(text) as LiveRecord)
  }

  /** Members of the leases of a source, oldest expiry first. */
  leases(source: string): Promise<string[]> {
    return this.store.redis.zrange(keys.leases(source), 0, -1)
  }

  sessions(viewer: string): Promise<string[]> {
    return this.store.redis.zrange(keys.sessions(viewer), 0, -1)
  }

  /** How long a member still lives, in milliseconds. */
  async lifeOf(key: string, member: string): Promise<number> {
    return Number(await this.store.redis.zscore(key, member)) - (await this.store.now())
  }

  /** Lets every member of a sorted set have expired a moment ago. */
  async expire(key: string): Promise<void> {
    const past = (await this.store.now()) - 1
    for (const member of await this.store.redis.zrange<string[]>(key, 0, -1))
      await this.store.redis.zadd(key, { xx: true }, { score: past, member })
  }

  /** The stream of a channel has no viewer any more, since so many milliseconds. */
  async goIdle(channel: string, sinceMilliseconds = 0): Promise<void> {
    const live = await this.live(channel)
    expect(
      await leave(this.store.run, {
        viewer: null,
        member: "",
        channel,
        lease: live?.lease ?? "",
        idle: true,
      }),
    ).toBe("ok")
    const idle = await this.live(channel)
    const idleSince = (idle?.idleSince ?? 0) - sinceMilliseconds
    await this.store.redis.hset(keys.live, { [channel]: JSON.stringify({ ...idle, idleSince }) })
  }

  /** Lets all sessions of a viewer have begun so much earlier. */
  async bornEarlier(viewer: string, milliseconds: number): Promise<void> {
    const key = keys.sessions(viewer)
    for (const member of await this.sessions(viewer)) {
      const score = Number(await this.store.redis.zscore(key, member))
      const parts = member.split("/")
      const born = Number(parts.pop()) - milliseconds
      await this.store.redis.zrem(key, member)
      await this.store.redis.zadd(key, { score, member: [...parts, born].join("/") })
    }
  }

  /** A streamer's view of the lease it was given. */
  held(channel: string, admitted: Admitted, options: Partial<HeldLease> = {}): HeldLease {
    const { lease, source, profile, feed, streamer, yielded } = admitted
    const live = { lease, source, profile, feed, streamer, idleSince: null, yielded }
    return { source, profile, channel, lease, live, watched: true, ...options }
  }
}
