import { randomFillSync } from "node:crypto"
import type { ServerResponse } from "node:http"
import type { Connection } from "./connection-ledger.ts"
import { type Fault, hasBegun } from "./faults.ts"
import type { LiveChannel, Subscriber } from "./live-channel.ts"
import { packetsBetween } from "./replay.ts"
import { resetConnection } from "./reset-connection.ts"
import { packetBytes } from "./ts-packet.ts"

/** A stalled or slow connection may fall this far behind; then it goes on with what is live. */
const longestLagSeconds = 10

/** One viewer's endless response: passes slices on, bounded, and spoils them as its fault says. */
export class LiveConnection implements Subscriber {
  readonly channel: LiveChannel
  readonly connection: Connection
  readonly #response: ServerResponse
  readonly #now: () => number
  readonly #maxUnreadBytes: number
  #skipBytes: number
  #position: number | null = null
  #fault: { fault: Fault; sinceMs: number; sinceBytes: number } | null = null
  #budget: { atMs: number; bytes: number } | null = null

  constructor(options: {
    channel: LiveChannel
    connection: Connection
    response: ServerResponse
    now: () => number
    maxUnreadBytes: number
    skipBytes: number
  }) {
    this.channel = options.channel
    this.connection = options.connection
    this.#response = options.response
    this.#now = options.now
    this.#maxUnreadBytes = options.maxUnreadBytes
    this.#skipBytes = options.skipBytes
  }

  /** Null takes the fault away: a stalled stream goes on. */
  setFault(fault: Fault | null): void {
    this.#budget = null
    this.#fault = fault && { fault, sinceMs: this.#now(), sinceBytes: this.connection.bytesSent }
  }

  receive(from: number, to: number, bytes: Buffer): void {
    this.#position ??= from
    const fault = this.#begun()
    if (fault) this.#spoil(fault, to, bytes)
    else if (this.#position === from) this.#pass(bytes, to)
    else this.#catchUp(from, to)
  }

  #begun(): Fault | null {
    if (!this.#fault) return null
    const { fault, sinceMs, sinceBytes } = this.#fault
    return hasBegun(fault, this.connection.bytesSent - sinceBytes, this.#now() - sinceMs) ? fault : null
  }

  /** Cuts the slice where the fault begins, which may well be within a packet. */
  #pass(bytes: Buffer, to: number): void {
    const until = this.#fault?.fault.afterBytes
    const left =
      until === undefined ? Infinity : until - (this.connection.bytesSent - (this.#fault?.sinceBytes ?? 0))
    const cut = left > 0 && left < bytes.length
    this.#position = to
    this.#write(cut ? bytes.subarray(0, left) : bytes)
    if (!cut) return
    const fault = this.#begun()
    if (fault) this.#spoil(fault, to, bytes.subarray(left))
    else this.#write(bytes.subarray(left))
  }

  #catchUp(from: number, to: number): void {
    const { loop } = this.channel
    const oldest = from - Math.round((loop.packets / loop.seconds) * longestLagSeconds)
    const start = Math.max(this.#position ?? from, oldest)
    this.#pass(packetsBetween(loop, start, to), to)
  }

  #spoil(fault: Fault, to: number, bytes: Buffer): void {
    switch (fault.kind) {
      case "reset":
        resetConnection(this.#response)
        return
      case "end":
        this.#response.end()
        return
      case "garbage":
        this.#position = to
        this.#write(garbage(bytes.length))
        return
      case "slow":
        this.#trickle(fault.bytesPerSecond, to)
        return
      default:
        // A stall; and the kinds that replace the answer come too late, so all they can do is be silent.
        return
    }
  }

  #trickle(bytesPerSecond: number, to: number): void {
    const now = this.#now()
    const before = this.#budget ?? { atMs: now, bytes: packetBytes }
    const bytes = before.bytes + ((now - before.atMs) / 1000) * bytesPerSecond
    const from = this.#position ?? to
    const packets = Math.min(Math.floor(bytes / packetBytes), to - from)
    this.#budget = { atMs: now, bytes: Math.min(bytes - packets * packetBytes, bytesPerSecond) }
    if (packets <= 0) return
    this.#position = from + packets
    this.#write(packetsBetween(this.channel.loop, from, from + packets))
  }

  #write(bytes: Buffer): void {
    const out = this.#skipBytes > 0 ? bytes.subarray(this.#skipBytes) : bytes
    this.#skipBytes = Math.max(0, this.#skipBytes - bytes.length)
    if (out.length === 0 || this.#response.destroyed) return
    // Before the write: what was written last time has had a tick to leave.
    if (this.#response.writableLength > this.#maxUnreadBytes) {
      this.#response.destroy()
      return
    }
    this.connection.bytesSent += out.length
    this.#response.write(out)
  }
}

/** Random bytes without a sync byte, so that no parser takes them for packets by chance. */
export function garbage(length: number): Buffer {
  const bytes = randomFillSync(Buffer.allocUnsafe(length))
  for (let at = bytes.indexOf(0x47); at >= 0; at = bytes.indexOf(0x47, at)) bytes[at] = 0x48
  return bytes
}
