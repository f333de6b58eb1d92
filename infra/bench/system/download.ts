import { Agent, type IncomingMessage, request } from "node:http"
import { readFreely, readSlowly } from "../../e2e/player/read-body.ts"

export interface DownloadOptions {
  gzip?: boolean
  headers?: Record<string, string>
  /** Breaks off there. */
  until?: "first byte" | "end"
  /** A slow client, which breaks off after so many seconds. */
  slow?: { bytesPerSecond: number; seconds: number }
}

export interface Download {
  status: number
  etag: string | undefined
  /** From the request to the first byte of the body, or to the head of an answer that has none. */
  firstByteMs: number
  totalMs: number
  /** As they came: packed when they were. */
  bytes: number
}

const keptAlive = new Agent({ keepAlive: true })

/** Downloads as a player does, and keeps nothing; rejects when the connection breaks. */
export function download(url: string, options: DownloadOptions = {}): Promise<Download> {
  const { gzip = false, headers = {}, until = "end", slow } = options
  return new Promise((resolve, reject) => {
    const from = performance.now()
    const asked = request(url, {
      agent: keptAlive,
      headers: { ...headers, "accept-encoding": gzip ? "gzip" : "identity" },
    })
    asked.on("error", reject)
    asked.on("response", (response: IncomingMessage) => {
      let [bytes, firstByteMs] = [0, Number.NaN]
      const finish = () => {
        asked.off("error", reject).on("error", () => undefined)
        const totalMs = performance.now() - from
        const first = Number.isNaN(firstByteMs) ? totalMs : firstByteMs
        const { statusCode = 0, headers: got } = response
        resolve({ status: statusCode, etag: got.etag, firstByteMs: first, totalMs, bytes })
      }
      const breakOff = () => {
        finish()
        asked.destroy()
      }
      const take = (chunk: Buffer) => {
        if (bytes === 0) firstByteMs = performance.now() - from
        bytes += chunk.length
        if (until === "first byte") breakOff()
      }
      response.on("error", reject).on("end", finish)
      if (slow === undefined) readFreely(response, take)
      else {
        readSlowly(response, take, { bytesPerSecond: slow.bytesPerSecond, now: () => performance.now() })
        const timer = setTimeout(breakOff, slow.seconds * 1000)
        response.on("close", () => clearTimeout(timer))
      }
    })
    asked.end()
  })
}
