import type { Socket } from "node:net"
import type { Logger } from "@tributary/shared/log/log"
import { readTcpTable, tcpKey } from "./tcp-table.ts"

export interface ProgressWatchOptions {
  /** The text of the kernel's table of TCP connections; null where there is none. */
  readTable: () => Promise<string | null>
  /** Monotonic milliseconds. */
  now: () => number
  logger: Logger
  takesNothingMilliseconds?: number
}

interface Watched {
  key: string | null
  drop: () => void
  /** Bytes that the other end has acknowledged at least, but for a constant. */
  acknowledged: number
  /** When that was last seen to grow, or nothing was owed. */
  since: number
}

const lookMilliseconds = 5_000

/**
 * Finds connections that take nothing although there is something for them: a player that stopped reading,
 * or one that is gone without a word. Node has no TCP_USER_TIMEOUT (nodejs/node#52048), and a socket's
 * buffer in the kernel, some megabytes, takes minutes of a radio before a write would block: so the kernel
 * is asked what was acknowledged, once for all connections.
 */
export class ProgressWatch {
  readonly #options: ProgressWatchOptions
  readonly #watched = new Map<Socket, Watched>()
  #timer: NodeJS.Timeout | null = null
  #isLooking = false
  #isTableMissing = false

  constructor(options: ProgressWatchOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#watched.size
  }

  /** Calls `drop` when `socket` has taken nothing for 30 s; until it is closed. */
  add(socket: Socket, drop: () => void): void {
    if (socket.destroyed) return
    const since = this.#options.now()
    this.#watched.set(socket, { key: tcpKey(socket), drop, acknowledged: Number.NEGATIVE_INFINITY, since })
    socket.once("close", () => this.#watched.delete(socket))
    this.#timer ??= setInterval(() => void this.look(), lookMilliseconds).unref()
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
    this.#watched.clear()
  }

  /** Looks at all connections; by itself every 5 s. */
  async look(): Promise<void> {
    if (this.#isLooking || this.#watched.size === 0) return
    this.#isLooking = true
    // Before the table is read: so no byte is taken for acknowledged that was written meanwhile.
    const written = new Map<Socket, number>()
    for (const socket of this.#watched.keys()) written.set(socket, acceptedBytes(socket))
    const unacknowledged = await this.#read()
    this.#isLooking = false
    for (const [socket, bytes] of written) {
      const watched = this.#watched.get(socket)
      if (watched !== undefined)
        this.#judge(socket, watched, bytes, unacknowledged.get(watched.key ?? "") ?? 0)
    }
  }

  #judge(socket: Socket, watched: Watched, accepted: number, unacknowledged: number): void {
    const { now, takesNothingMilliseconds = 30_000 } = this.#options
    const acknowledged = accepted - unacknowledged
    const owesNothing = unacknowledged === 0 && socket.writableLength === 0
    if (owesNothing || acknowledged > watched.acknowledged) {
      watched.acknowledged = Math.max(watched.acknowledged, acknowledged)
      watched.since = now()
    } else if (now() - watched.since >= takesNothingMilliseconds) {
      this.#watched.delete(socket)
      watched.drop()
    }
  }

  async #read(): Promise<Map<string, number>> {
    const table = await this.#options.readTable()
    if (table === null && !this.#isTableMissing) {
      this.#isTableMissing = true
      this.#options.logger.info(
        "no table of TCP connections: who is gone is noticed when the buffers are full",
      )
    }
    return readTcpTable(table ?? "")
  }
}

/** Bytes that the kernel has taken from this process. */
function acceptedBytes(socket: Socket): number {
  return socket.bytesWritten - socket.writableLength
}
