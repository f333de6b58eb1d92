import { expect } from "vitest"
import type { Locator } from "../catalogue/entry.ts"
import { sourceSchema, viewerSchema } from "../config/config-file.ts"
import { deriveKeys } from "../secrets/keys.ts"
import { passwordCheck } from "../secrets/password-check.ts"
import { keys } from "../store/keys.ts"
import type { LiveRecord, ProfileReport, StreamerRecord } from "../store/records.ts"
import { replaceSettings, saveSources, saveViewers } from "../store/save-config.ts"
import { type Admission, type AdmissionRequest, type Admitted, admit, isAdmitted } from "./admit.ts"
import { type BeatRequest, beat, type HeldLease } from "./beat.ts"
import { leave } from "./end.ts"
import { type HoldRequest, hold } from "./hold.ts"
import type { TestStore } from "./test-store.ts"
import { stateWatchers, type WatcherStatement } from "./watchers.ts"

export const secretKeys = await deriveKeys("a secret of an installation, long enough")

const ofAnyAccount: Locator = { kind: "url", template: "{server}/{username}/{password}/x" }

type Seed = Record<string, unknown>

export type RequestOptions = Partial<AdmissionRequest> & {
  as?: string
  password?: string
  locator?: Locator
}

/** An answer without the time it was given at, which a repeated one has of its own. */
export function timeless(admission: Admission): Omit<Admission, "at"> {
  const { at: _, ...answer } = { at: 0, ...admission }
  return answer
}

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

  /** Sources with a login whose primary profile has the given limit (null = none), or written out. */
  async sources(limits: Record<string, number | null | Seed>): Promise<void> {
    const sources = Object.entries(limits).map(([id, limit]) => {
      const own = typeof limit === "object" && limit !== null ? limit : { maxStreams: limit }
      const login = { username: "u", password: "p" }
      return sourceSchema.parse({ id, type: "m3u", url: `http://${id}.example/x`, ...login, ...own })
    })
    await saveSources(this.store.redis, secretKeys, sources, "file", { replace: true })
  }

  async viewers(...viewers: Seed[]): Promise<void> {
    const parsed = viewers.map((viewer) => viewerSchema.parse({ password: "secret", ...viewer }))
    await saveViewers(this.store.redis, secretKeys, parsed, "file", { replace: true })
  }

  async report(source: string, profile: string, report: Partial<ProfileReport>): Promise<void> {
    const full: ProfileReport = {
      ...{ maxConnections: null, activeConnections: null, status: "active", expiresAt: null },
      ...{ elsewhere: 0, at: 0, refusedUntil: 0 },
      ...report,
    }
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
        maxViewers: null,
        streams: 0,
        draining: false,
        version: "1",
        ...record,
      },
      epoch: "",
      newEpoch: `epoch ${++this.#made}`,
      leases: [],
      relays: [],
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
    options: RequestOptions = {},
  ): Promise<AdmissionRequest> {
    const { as, password = "secret", locator = ofAnyAccount, ...rest } = options
    const feeds = sources.map((source, index) => ({ id: `feed-${channelId}-${index}`, source, locator }))
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

  /** Who watches a channel's stream, as the store knows it. */
  async audience(channel: string) {
    const { watchers, crowds, idleSince } = (await this.live(channel)) ?? {}
    return { watchers, crowds, isIdle: typeof idleSince === "number" }
  }

  /** Changes what is stored of a channel's stream, as time and others do. */
  async changeLive(channel: string, change: (live: LiveRecord) => Partial<LiveRecord>): Promise<void> {
    const live = await this.live(channel)
    if (live === null) throw new Error(`channel "${channel}" is not live`)
    await this.store.redis.hset(keys.live, { [channel]: JSON.stringify({ ...live, ...change(live) }) })
  }

  /** The streamer that holds a channel's stream, or another one, says that exactly these sessions watch it there. */
  async watching(channel: string, by: readonly Admitted[], streamer?: string): Promise<void> {
    await this.state(channel, stateWatchers(by), streamer)
  }

  async state(channel: string, watchers: WatcherStatement, streamer?: string): Promise<void> {
    const live = await this.live(channel)
    const said = await leave(this.store.run, {
      ...{ streamer: streamer ?? live?.streamer ?? "", viewer: null, member: null },
      ...{ key: channel, lease: live?.lease ?? "", watchers },
    })
    expect(said).toBe("ok")
  }

  /** Who is on the way to a channel has missed the time to arrive. */
  async missArrival(channel: string): Promise<void> {
    const past = (await this.store.now()) - 1
    await this.changeLive(channel, ({ watchers }) => ({
      watchers: Object.fromEntries(
        Object.entries(watchers).map(([session, [streamer, viewer, arriveBy]]) => {
          return [session, [streamer, viewer, Math.sign(arriveBy) * past]]
        }),
      ),
    }))
  }

  /** A streamer takes up the lease it was given for a channel; nobody in particular comes. */
  async hold(channel: string, admitted: Admitted, options: Partial<HoldRequest> = {}) {
    const { lease, source, profile, streamer } = admitted
    return hold(this.store.run, {
      ...{ streamer, epoch: options.epoch ?? (await this.store.redis.get<string>(keys.epoch)) ?? "" },
      ...{ lease: { source, profile, key: channel, lease }, mine: [], watcher: null },
      ...options,
    })
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
    // Nobody is on the way any more either, as when they came and left.
    await this.changeLive(channel, () => ({ watchers: {} }))
    await this.state(channel, { sessions: {}, crowd: null })
    await this.changeLive(channel, ({ idleSince }) => ({ idleSince: (idleSince ?? 0) - sinceMilliseconds }))
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
    const nobody = { displaced: null, watchers: {}, crowds: {} }
    const live = { lease, source, profile, feed, streamer, idleSince: null, yielded, ...nobody }
    return { source, profile, key: channel, lease, live, watchers: null, ...options }
  }
}
