import { connect, type Socket } from "node:net"

/** Where a viewer asks, and when it did; times are of `performance.now()`. */
export interface ViewerSocketEvents {
  onConnected: () => void
  onFirstByte: () => void
  onGone: () => void
}

// All sockets read into the same memory: what comes is only counted. With a buffer for each read Node would spend
// more on memory than the kernel on the bytes. A viewer of 8 Mbit/s who is in time gets 40 KB at once.
const trash = Buffer.allocUnsafeSlow(256 * 1024)

const headEnd = Buffer.from("\r\n\r\n")

/** One viewer: a GET on a socket of its own, whose answer is counted and thrown away. */
export class ViewerSocket {
  readonly #socket: Socket
  readonly #events: ViewerSocketEvents
  readonly #askedAt = performance.now()
  /** As they came: response head and chunk framing are in them. */
  bytes = 0
  /** 0 until an answer came. */
  status = 0
  /** From connecting to the first byte behind the response's head; null until then. */
  firstByteMs: number | null = null
  isGone = false
  #head: Buffer | null = Buffer.alloc(0)

  constructor(target: { host: string; port: number; path: string }, events: ViewerSocketEvents) {
    const { host, port, path } = target
    this.#events = events
    const take = (count: number) => {
      this.bytes += count
      if (this.#head !== null) this.#readHead(count)
      return true
    }
    this.#socket = connect({ host, port, onread: { buffer: trash, callback: take } })
    this.#socket.once("connect", events.onConnected)
    this.#socket.once("close", () => {
      this.isGone = true
      events.onGone()
    })
    // "close" follows.
    this.#socket.on("error", () => undefined)
    this.#socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\nUser-Agent: tributary-bench\r\n\r\n`)
  }

  close(): void {
    this.#socket.destroy()
  }

  #readHead(count: number): void {
    const head = Buffer.concat([this.#head ?? headEnd, trash.subarray(0, count)])
    if (this.status === 0 && head.length >= 12) this.status = Number(head.toString("latin1", 9, 12))
    const end = head.indexOf(headEnd)
    if (end < 0) {
      this.#head = head
      return
    }
    if (head.length === end + headEnd.length) {
      // The next byte is of the body.
      this.#head = head
      return
    }
    this.#head = null
    this.firstByteMs = performance.now() - this.#askedAt
    this.#events.onFirstByte()
  }
}
