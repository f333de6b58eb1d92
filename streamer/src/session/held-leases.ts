import type { Audience, LeaseHolder, RelayedStream } from "./lease-keeper.ts"

/** The leases that a streamer holds, the streams that it relays, and what the store knows of their viewers. */
export class HeldLeases {
  readonly #leases = new Map<string, LeaseHolder>()
  /** The store is being asked about these: heartbeats neither renew nor assert them. */
  readonly #unsettled = new Set<string>()
  readonly #relayed = new Map<string, RelayedStream>()
  /** The version of each stream's audience that the store was told last, by lease. */
  readonly #told = new Map<string, number>()

  get(lease: string): LeaseHolder | undefined {
    return this.#leases.get(lease)
  }

  has(lease: string): boolean {
    return this.#leases.has(lease)
  }

  all(): LeaseHolder[] {
    return [...this.#leases.values()]
  }

  set(holder: LeaseHolder): void {
    this.#leases.set(holder.lease, holder)
  }

  forget(lease: string): void {
    this.#leases.delete(lease)
    this.#unsettled.delete(lease)
    this.#told.delete(lease)
  }

  /** While the store is asked where a lease is, nothing else is to be said of it. */
  unsettle(lease: string): void {
    this.#unsettled.add(lease)
  }

  settle(lease: string): void {
    this.#unsettled.delete(lease)
  }

  /** What is held for sure; of one profile, when that is given. */
  settled(profile?: { source: string; profile: string }): LeaseHolder[] {
    return this.all().filter(
      (holder) =>
        !this.#unsettled.has(holder.lease) &&
        (profile === undefined || (holder.source === profile.source && holder.profile === profile.profile)),
    )
  }

  relay(stream: RelayedStream): void {
    this.#relayed.set(stream.lease, stream)
  }

  endRelay(lease: string): void {
    this.#relayed.delete(lease)
    this.#told.delete(lease)
  }

  relayed(): RelayedStream[] {
    return [...this.#relayed.values()]
  }

  get told(): ReadonlyMap<string, number> {
    return this.#told
  }

  /** The store was told who watches these streams; `unheard` are those that it does not know (yet). */
  noteTold(told: readonly { lease: string; audience: Audience }[], unheard: ReadonlySet<string>): void {
    for (const { lease, audience } of told)
      if ((this.#leases.has(lease) || this.#relayed.has(lease)) && !unheard.has(lease))
        this.#told.set(lease, audience.version)
  }

  /** The store has lost its data: nothing was told to it. */
  forgetTold(): void {
    this.#told.clear()
  }
}
