import type { HeldSession } from "@tributary/shared/lease/beat"
import { leave } from "@tributary/shared/lease/end"
import type { RunScript } from "@tributary/shared/lease/scripts"
import type { WatcherStatement } from "@tributary/shared/lease/watchers"
import type { Logger } from "@tributary/shared/log/log"
import type { Standing } from "./standing.ts"

export interface SessionKeeperOptions {
  run: RunScript
  streamer: string
  /** Has a heartbeat ask the store about every session; false when it does not answer. */
  beat: () => Promise<boolean>
  logger: Logger
}

/** A viewer's session that ends, and the live stream it was on. */
export interface EndingSession {
  viewer: string | null
  member: string
  /** Of the live stream. */
  key: string
  lease: string
}

interface KeptSession {
  viewer: string
  connections: number
  standing: Standing
}

// Longer than a ticket counts as fresh.
const rememberMilliseconds = 120_000

/** The sessions of known viewers that play here; heartbeats keep them alive in the store. */
export class SessionKeeper {
  readonly #options: SessionKeeperOptions
  readonly #sessions = new Map<string, KeptSession>()
  /** Sessions that ended here, with the time: their tickets may come back, the store does not know them. */
  readonly #left = new Map<string, { at: number; done: Promise<unknown> }>()
  /** Sessions that go on at another streamer, whatever becomes of their connections here. */
  readonly #handedOver = new Set<string>()

  constructor(options: SessionKeeperOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#sessions.size
  }

  /** What a heartbeat is to renew. */
  held(): HeldSession[] {
    return [...this.#sessions]
      .filter(([, kept]) => kept.standing !== "lost")
      .map(([member, { viewer }]) => ({ viewer, member }))
  }

  /** A heartbeat's answer for the sessions it was asked about; gives those that are lost. */
  judge(asked: readonly HeldSession[], lost: readonly string[]): string[] {
    return asked.flatMap(({ member }) => {
      const kept = this.#sessions.get(member)
      if (kept === undefined) return []
      kept.standing = lost.includes(member) ? "lost" : "held"
      return kept.standing === "lost" ? [member] : []
    })
  }

  /**
   * Whether the store still knows a ticket's session. It is only asked when there is doubt: a fresh ticket's
   * session was made with it, and it is there unless it ended here.
   */
  async recognise(session: { viewer: string | null; member: string; isFresh: boolean }): Promise<Standing> {
    const { viewer, member, isFresh } = session
    if (viewer === null) return "held"
    // Asked too early, the store would still know what is just being ended.
    await this.#left.get(member)?.done
    const known = this.#sessions.get(member)
    if (known !== undefined && known.standing !== "unknown") return known.standing
    if (known === undefined && isFresh && !this.#left.has(member)) return "held"
    const asked = known ?? { viewer, connections: 0, standing: "unknown" as const }
    this.#sessions.set(member, asked)
    asked.connections++
    await this.#options.beat()
    if (--asked.connections === 0) this.#sessions.delete(member)
    return asked.standing
  }

  /** A viewer's connection has begun. Several connections (a player's probes) may be one session. */
  enter({ viewer, member }: { viewer: string | null; member: string }): void {
    this.#handedOver.delete(member)
    if (viewer === null) return
    const known = this.#sessions.get(member)
    if (known !== undefined) known.connections++
    else this.#sessions.set(member, { viewer, connections: 1, standing: "held" })
  }

  /** A viewer's connection has ended; `watchers` says who watches the live stream now, null when it has closed. */
  async leave(session: EndingSession, watchers: WatcherStatement | null): Promise<void> {
    const known = this.#sessions.get(session.member)
    if (known === undefined && this.#handedOver.has(session.member)) return
    const isDropped = known === undefined && session.viewer !== null && this.#left.has(session.member)
    const isLast = !isDropped && (known === undefined || --known.connections === 0)
    if (isLast) this.#sessions.delete(session.member)
    const ends = isLast && session.viewer !== null
    // Whether nobody or only one is left decides about others' admission; more than that can wait for a heartbeat.
    const matters = watchers !== null && watchers.crowd === null && Object.keys(watchers.sessions).length <= 1
    if (ends || matters) await this.#end(session, ends || isDropped || session.viewer === null, watchers)
  }

  /** A session whose stream did not open: it ends, unless it has connections of its own. */
  async abandon(session: EndingSession): Promise<void> {
    if (this.#sessions.has(session.member)) return
    await this.#end(session, true, null)
  }

  /** A session that the store has ended already: when its connections end, there is nothing to tell. */
  drop(member: string): void {
    this.#sessions.delete(member)
    this.#remember(member, Promise.resolve())
  }

  /** It goes on at another streamer: the end of its connections here is not its own, and nothing is told of it. */
  handOver(member: string): void {
    this.#sessions.delete(member)
    this.#handedOver.add(member)
  }

  async #end(session: EndingSession, ends: boolean, watchers: WatcherStatement | null): Promise<void> {
    const { run, streamer, logger } = this.#options
    const { member, ...rest } = session
    // Of who has no login, only the live stream knows; it hears of those who still watch at the same time.
    const done = leave(run, { ...rest, streamer, member: ends ? member : null, watchers }).catch(() =>
      logger.warn("a session could not be ended", { lease: session.lease }),
    )
    if (ends) this.#remember(member, done)
    await done
  }

  #remember(member: string, done: Promise<unknown>): void {
    const at = performance.now()
    for (const [oldest, { at: leftAt }] of this.#left) {
      if (at - leftAt < rememberMilliseconds) break
      this.#left.delete(oldest)
    }
    this.#left.delete(member)
    this.#left.set(member, { at, done })
  }
}
