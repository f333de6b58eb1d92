/** A viewer's connection, or what stands for one. */
export interface Endable {
  destroy(): void
  /** Ends it so that its player comes again; what has none of this ends by itself. */
  breakOff?(): void
}

/** Which connections belong to a session, so that one that was taken away can be ended. */
export class SessionDirectory {
  readonly #viewers = new Map<string, Set<Endable>>()

  add(session: string, viewer: Endable): void {
    const viewers = this.#viewers.get(session) ?? new Set()
    this.#viewers.set(session, viewers.add(viewer))
  }

  remove(session: string, viewer: Endable): void {
    const viewers = this.#viewers.get(session)
    viewers?.delete(viewer)
    if (viewers?.size === 0) this.#viewers.delete(session)
  }

  /** Whether a session has a connection here. */
  has(session: string): boolean {
    return this.#viewers.has(session)
  }

  /** Has a session's players come again. */
  breakOff(session: string): void {
    for (const viewer of this.#viewers.get(session) ?? []) viewer.breakOff?.()
  }

  /** Ends all connections of a session. */
  end(session: string): void {
    for (const viewer of this.#viewers.get(session) ?? []) viewer.destroy()
  }
}
