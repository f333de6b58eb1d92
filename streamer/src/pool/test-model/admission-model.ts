/** What admission is told of a provider profile; profiles are in the order in which they are tried. */
export interface ModelProfile {
  source: string
  id: string
  limit: number
}

export interface ModelViewer {
  name: string
  maxStreams: number | null
  whenFull: "refuse" | "replace"
}

export interface ModelClick {
  viewer: ModelViewer
  device: string
  channel: string
  /** Sources of the channel's feeds, in failover order. */
  sources: readonly string[]
}

/** What was decided about a click. */
export interface Decided {
  lease: string
  source: string
  profile: string
  session: string
  yielded: string | null
  ends: readonly string[]
}

interface ModelSession {
  viewer: string
  device: string
  channel: string
}

interface ModelStream {
  lease: string
  source: string
  profile: string
  watchers: Set<string>
  /** The device and channel of the stream that this one was taken from. */
  displaced: string | null
}

/** What is to be decided. `yielded`: the leases of which one gives its connection; null: none has to. */
export type Outcome =
  | { code: "join"; lease: string; ends: readonly string[] }
  | { code: "open"; source: string; profile: string; yielded: readonly string[] | null }
  | { code: "viewer_limit" | "no_capacity" }

/**
 * Admission as users understand it, in memory and without time: what the store decides must be the same. It knows
 * nothing of how the store keeps it.
 */
export class AdmissionModel {
  profiles: ModelProfile[]
  /** By channel. */
  readonly streams = new Map<string, ModelStream>()
  /** By id, oldest first. */
  readonly sessions = new Map<string, ModelSession>()

  constructor(profiles: ModelProfile[]) {
    this.profiles = profiles
  }

  foretell(click: ModelClick): Outcome {
    const { viewer, device, channel, sources } = click
    const mine = [...this.sessions].filter(([, session]) => session.viewer === viewer.name)
    const isKnown = mine.some(([, session]) => session.device === device && session.channel === channel)
    const isOver = !isKnown && viewer.maxStreams !== null && mine.length >= viewer.maxStreams
    if (isOver && viewer.whenFull === "refuse") return { code: "viewer_limit" }
    const running = this.streams.get(channel)
    if (running !== undefined)
      return { code: "join", lease: running.lease, ends: isOver ? mine.slice(0, 1).map(([id]) => id) : [] }
    const open = ({ source, id }: ModelProfile, yielded: ModelStream[] | null): Outcome => ({
      code: "open",
      ...{ source, profile: id },
      yielded: yielded?.map(({ lease }) => lease) ?? null,
    })
    const usable = sources.map((source) => this.profiles.filter((profile) => profile.source === source))
    for (const profiles of usable) {
      const free = profiles.find((profile) => this.on(profile).length < profile.limit)
      if (free !== undefined) return open(free, null)
      for (const profile of profiles) {
        const idle = this.#exchangeable(profile).filter(({ watchers }) => watchers.size === 0)
        if (idle.length > 0) return open(profile, idle)
      }
    }
    const own = usable.flat().map((profile) => ({ profile, streams: this.#ownOn(profile, click) }))
    // Of what they watch alone, that of the same device goes first.
    for (const isTheirs of [(watching: ModelSession) => watching.device === device, () => true])
      for (const { profile, streams } of own) {
        const taken = streams.filter(({ watching }) => isTheirs(watching)).map(({ stream }) => stream)
        if (taken.length > 0) return open(profile, taken)
      }
    return { code: "no_capacity" }
  }

  /** The streams on a profile that the clicking viewer watches alone, each with its session. */
  #ownOn(profile: ModelProfile, { viewer, device, channel }: ModelClick) {
    return this.#exchangeable(profile).flatMap((stream) => {
      const watching = this.sessions.get([...stream.watchers][0] ?? "")
      if (stream.watchers.size !== 1 || watching?.viewer !== viewer.name) return []
      // A player whose stream was taken by another device does not take it back by trying again.
      const comesBack = stream.displaced === `${device}/${channel}` && watching.device !== device
      return comesBack ? [] : [{ stream, watching }]
    })
  }

  /** The streams on a profile. */
  on({ source, id }: ModelProfile): ModelStream[] {
    return [...this.streams.values()].filter((stream) => stream.source === source && stream.profile === id)
  }

  /** One connection may take the place of another only where there are not more than are allowed. */
  #exchangeable(profile: ModelProfile): ModelStream[] {
    const streams = this.on(profile)
    return streams.length === profile.limit ? streams : []
  }

  /** What was decided takes effect. */
  apply({ viewer, device, channel }: ModelClick, decided: Decided, code: "join" | "open"): void {
    const { session, lease, source, profile, yielded, ends } = decided
    const taken = this.#streamOf(yielded)?.watchers ?? new Set()
    const loser = this.sessions.get([...taken][0] ?? "")
    const displaced = code === "open" && loser !== undefined ? `${loser.device}/${loser.channel}` : null
    for (const ended of ends) this.end(ended)
    // Who joins is told too what had to be closed first.
    if (code === "open" && yielded !== null) this.close(yielded)
    if (!this.sessions.has(session)) this.sessions.set(session, { viewer: viewer.name, device, channel })
    const stream = this.streams.get(channel) ?? { lease, source, profile, watchers: new Set(), displaced }
    stream.watchers.add(session)
    this.streams.set(channel, stream)
  }

  #streamOf(lease: string | null): ModelStream | undefined {
    return [...this.streams.values()].find((stream) => stream.lease === lease)
  }

  /** A session is over; its stream goes on for a while. */
  end(session: string): void {
    this.sessions.delete(session)
    for (const { watchers } of this.streams.values()) watchers.delete(session)
  }

  /** The connection of a lease is closed, and its viewers' sessions are over. */
  close(lease: string): void {
    for (const [channel, stream] of this.streams) {
      if (stream.lease !== lease) continue
      this.streams.delete(channel)
      for (const session of stream.watchers) this.sessions.delete(session)
    }
  }
}
