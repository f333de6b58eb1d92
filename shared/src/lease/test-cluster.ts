import { keys } from "../store/keys.ts"
import type { Admitted } from "./admit.ts"
import { type BeatReply, type BeatRequest, beat } from "./beat.ts"
import { leave, release } from "./end.ts"
import { hold } from "./hold.ts"
import { memberOf } from "./lease-name.ts"
import type { TestStore } from "./test-store.ts"
import { stateWatchers } from "./watchers.ts"

/** What an admission gave, and the key of its live stream. */
export type Given = Admitted & { key: string }

interface Stream extends Pick<Admitted, "lease" | "source" | "profile" | "feed" | "yielded"> {
  key: string
  /** The streamer it is relayed from. */
  relay: string | null
  /** Session -> viewer ("" = none). */
  watchers: Map<string, string>
}

/** Streamers that do as real ones do by the store, and nothing else: their connections are counted, not made. */
export class TestCluster {
  readonly store: TestStore
  readonly streamers = new Map<string, TestStreamer>()
  #epochs = 0

  constructor(store: TestStore) {
    this.store = store
  }

  async start(id: string, region: string): Promise<void> {
    const streamer = new TestStreamer(this, id, region)
    this.streamers.set(id, streamer)
    await streamer.beat()
  }

  /** Its connections are gone at once; the store knows nothing of it. */
  crash(id: string): void {
    this.streamers.delete(id)
    for (const { streams } of this.streamers.values())
      for (const [key, { relay }] of streams) if (relay === id) streams.delete(key)
  }

  newEpoch(): string {
    return `epoch ${++this.#epochs}`
  }

  /** Connections as their provider counts them. */
  connections(source: string, profile: string): number {
    return [...this.streamers.values()]
      .flatMap(({ streams }) => [...streams.values()])
      .filter((stream) => stream.relay === null && stream.source === source && stream.profile === profile)
      .length
  }

  /** Who really watches what runs on a lease, wherever they do. */
  watchersOf(lease: string): [session: string, viewer: string][] {
    return [...this.streamers.values()]
      .flatMap(({ streams }) => [...streams.values()])
      .flatMap((stream) => (stream.lease === lease ? [...stream.watchers] : []))
  }

  async beatAll(): Promise<void> {
    for (const streamer of this.streamers.values()) await streamer.beat()
  }
}

class TestStreamer {
  readonly id: string
  readonly streams = new Map<string, Stream>()
  readonly #left = new Set<string>()
  readonly #cluster: TestCluster
  readonly #region: string
  #epoch = ""

  constructor(cluster: TestCluster, id: string, region: string) {
    this.#cluster = cluster
    this.id = id
    this.#region = region
  }

  /** A player comes with what it was given; it watches, or the session ends. */
  async arrive(given: Given): Promise<boolean> {
    // A session that has ended here is admitted anew, which nobody does here.
    if (this.#left.has(given.session)) return false
    this.#drop(given.ends)
    const stream = await this.#obtain(given, true)
    if (stream === null) {
      await this.#leave(given, given.session, given.viewer, null)
      return false
    }
    stream.watchers.set(given.session, given.viewer ?? "")
    return true
  }

  /** A player goes. */
  async leave(key: string, session: string): Promise<void> {
    const stream = this.streams.get(key)
    const viewer = stream?.watchers.get(session)
    if (stream === undefined || viewer === undefined) return
    stream.watchers.delete(session)
    this.#left.add(session)
    await this.#leave(stream, session, viewer === "" ? null : viewer, watching(stream))
  }

  /** The grace of every stream that nobody watches is over. */
  async endGrace(): Promise<void> {
    for (const stream of [...this.streams.values()])
      if (stream.watchers.size === 0 && !this.#isRelayed(stream)) await this.close(stream)
  }

  async close(stream: Stream): Promise<void> {
    this.#remove(stream)
    if (stream.relay === null) await release(this.#cluster.store.run, stream)
  }

  async beat(): Promise<void> {
    const { run } = this.#cluster.store
    const request = this.#request()
    let reply: BeatReply = await beat(run, request)
    if (reply.lostData) reply = await beat(run, { ...request, asserts: true })
    this.#epoch = reply.epoch
    this.#lose(reply.lostLeases)
    this.#drop(reply.lostSessions)
  }

  async #obtain(given: Given, isViewer: boolean): Promise<Stream | null> {
    if (given.yielded !== null) this.#forget(given.yielded)
    const running = this.streams.get(given.key)
    if (running !== undefined) {
      if (running.relay !== null || (await this.#confirm(running, given, isViewer))) return running
      this.#remove(running)
    }
    const { key, lease, source, profile, feed, yielded, relay } = given
    const stream = { key, lease, source, profile, feed, yielded, relay, watchers: new Map<string, string>() }
    if (relay === null) {
      if (!(await this.#confirm(stream, given, isViewer))) return null
    } else {
      const origin = this.#cluster.streamers.get(relay)
      const opened = await (origin === undefined ? null : origin.#obtain({ ...given, relay: null }, false))
      // What the origin runs may be on another lease by now.
      if (opened?.lease !== lease) return null
    }
    this.streams.set(key, stream)
    return stream
  }

  async #confirm(stream: Stream, given: Given, isViewer: boolean): Promise<boolean> {
    const mine = [...this.streams.values()].filter(
      (other) => other !== stream && other.relay === null && sameProfile(other, stream),
    )
    const watcher = isViewer ? { session: given.session, viewer: given.viewer } : null
    for (let attempt = 0; attempt < 2; attempt++) {
      const request = { streamer: this.id, epoch: this.#epoch, lease: stream, mine, watcher }
      const reply = await hold(this.#cluster.store.run, request)
      if (reply.stale || (reply.ranOut && attempt === 0)) {
        // What ran out is taken up again by a heartbeat; what is not known to be ours is not asserted by one.
        const isNew = reply.ranOut && this.streams.get(stream.key) !== stream
        if (isNew) this.streams.set(stream.key, stream)
        await this.beat()
        if (isNew) this.streams.delete(stream.key)
        continue
      }
      this.#lose(reply.lost)
      return reply.held
    }
    return false
  }

  #request(): BeatRequest {
    const streams = [...this.streams.values()]
    const nobody = { idleSince: null, displaced: null, watchers: {}, crowds: {} }
    const sessions = streams.flatMap(({ watchers }) =>
      [...watchers].flatMap(([member, viewer]) => (viewer === "" ? [] : [{ viewer, member }])),
    )
    return {
      streamer: this.id,
      record: {
        ...{ address: `http://${this.id}`, internalAddress: "", region: this.#region, version: "1" },
        ...{ viewers: sessions.length, maxViewers: null, streams: streams.length, draining: false },
      },
      ...{ epoch: this.#epoch, newEpoch: this.#cluster.newEpoch(), sessions },
      leases: streams
        .filter(({ relay }) => relay === null)
        .map((stream) => {
          const { lease, source, profile, feed, yielded } = stream
          const live = { lease, source, profile, feed, yielded, streamer: this.id, ...nobody }
          return { ...stream, live, watchers: watching(stream) }
        }),
      relays: streams
        .filter(({ relay }) => relay !== null)
        .map((stream) => ({ key: stream.key, lease: stream.lease, watchers: watching(stream) })),
    }
  }

  async #leave(
    { key, lease }: { key: string; lease: string },
    member: string,
    viewer: string | null,
    watchers: ReturnType<typeof watching> | null,
  ): Promise<void> {
    await leave(this.#cluster.store.run, { streamer: this.id, viewer, member, key, lease, watchers })
  }

  /** The store has given these leases to others. */
  #lose(members: readonly string[]): void {
    for (const stream of [...this.streams.values()])
      if (stream.relay === null && members.includes(memberOf(stream))) this.#remove(stream)
  }

  #forget(lease: string): void {
    for (const stream of [...this.streams.values()]) if (stream.lease === lease) this.#remove(stream)
  }

  #drop(sessions: readonly string[]): void {
    for (const { watchers } of this.streams.values()) for (const session of sessions) watchers.delete(session)
  }

  /** Also what others relay from it ends. */
  #remove(stream: Stream): void {
    this.streams.delete(stream.key)
    for (const other of this.#cluster.streamers.values())
      for (const relayed of [...other.streams.values()])
        if (relayed.relay === this.id && relayed.lease === stream.lease) other.streams.delete(relayed.key)
  }

  #isRelayed({ lease }: Stream): boolean {
    return [...this.#cluster.streamers.values()].some(({ streams }) =>
      [...streams.values()].some((other) => other.relay === this.id && other.lease === lease),
    )
  }
}

const sameProfile = (one: Stream, other: Stream) =>
  one.source === other.source && one.profile === other.profile

const watching = ({ watchers }: Stream) =>
  stateWatchers([...watchers].map(([session, viewer]) => ({ session, viewer })))

// Everything that is stored of a time, earlier by so many milliseconds.
const earlier = `
local ms = tonumber(ARGV[1])
for _, key in ipairs(redis.call('KEYS', '*')) do
  local kind = redis.call('TYPE', key).ok
  if kind == 'zset' then
    local members = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
    for i = 1, #members, 2 do redis.call('ZADD', key, members[i + 1] - ms, members[i]) end
  elseif key == 'streamers' or key == 'live' then
    local fields = redis.call('HGETALL', key)
    for i = 1, #fields, 2 do
      local record = cjson.decode(fields[i + 1])
      if record.at then record.at = record.at - ms end
      if type(record.idleSince) == 'number' then record.idleSince = record.idleSince - ms end
      if type(record.displaced) == 'table' then record.displaced.untilMs = record.displaced.untilMs - ms end
      for _, watcher in pairs(record.watchers or {}) do
        if watcher[3] > 0 then watcher[3] = watcher[3] - ms elseif watcher[3] < 0 then watcher[3] = watcher[3] + ms end
      end
      redis.call('HSET', key, fields[i], cjson.encode(record))
    end
  end
  local life = redis.call('PTTL', key)
  if life >= 0 then redis.call('PEXPIRE', key, math.max(0, life - ms)) end
end
return 'ok'`

/** So many milliseconds go by, in which nobody does anything. */
export async function pass({ redis }: TestStore, milliseconds: number): Promise<void> {
  await redis.eval(earlier, [keys.live], [String(milliseconds)])
}
