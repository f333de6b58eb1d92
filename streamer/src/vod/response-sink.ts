import { once } from "node:events"
import type { ServerResponse } from "node:http"
import { takeRoom } from "../mpegts/room.ts"
import type { RangeSink } from "./range/film-range.ts"

/** A player's response as what takes bytes: they are sent as it reads them. */
export class ResponseSink implements RangeSink {
  readonly #response: ServerResponse
  #given = 0

  constructor(response: ServerResponse) {
    this.#response = response
  }

  /** Of the body. */
  get bytesSent(): number {
    return Math.max(0, this.#given - this.heldBytes)
  }

  get heldBytes(): number {
    return this.#response.writableLength
  }

  give(chunk: Buffer): number {
    this.#given += chunk.length
    const lender = takeRoom(chunk)?.lender ?? null
    // What could not be sent may still be held by the system: it is left to the collector.
    this.#response.write(chunk, (error) => {
      if (error === null || error === undefined) lender?.giveBack()
    })
    return this.heldBytes
  }

  /** Resolves when there is room again, or nobody to take more. */
  async room(): Promise<void> {
    if (this.#response.destroyed || !this.#response.writableNeedDrain) return
    const done = new AbortController()
    const { signal } = done
    await Promise.race([
      once(this.#response, "drain", { signal }),
      once(this.#response, "close", { signal }),
    ]).finally(() => done.abort())
  }

  onDrained(listener: () => void): void {
    this.#response.on("drain", listener)
  }

  destroy(): void {
    this.#response.destroy()
  }
}

/** Resolves when all is handed over to the system, or the player is gone. */
export async function sentOrGone(response: ServerResponse): Promise<void> {
  if (response.closed || response.destroyed) return
  await new Promise<void>((resolve) => response.once("close", () => resolve()))
}
