import type { IncomingMessage } from "node:http"
import { afterEach } from "vitest"
import { until } from "../../pool/pool-fixture.ts"
import { openStream, type StreamRequest } from "../open-stream.ts"
import type { Upstream, UpstreamFailure } from "../upstream.ts"
import { web } from "../upstream-fixture.ts"
import type { Clock } from "./clock.ts"

const packetBytes = 188
const opened: Upstream[] = []

afterEach(async () => {
  for (const upstream of opened.splice(0)) await upstream.close()
})

/** Packets that say which segment they are of, and which of its packets. */
export function tsSegment(sequence: number, packets = 6): Buffer {
  const bytes = Buffer.alloc(packets * packetBytes, 0xff)
  for (let n = 0; n < packets; n++) {
    const at = n * packetBytes
    bytes.set([0x47, 0x01, 0x00, 0x10 | (n % 16)], at)
    bytes.writeUInt32BE(sequence, at + 4)
    bytes.writeUInt16BE(n, at + 8)
  }
  return bytes
}

/** Time that passes only by `advance`. */
export class ManualClock implements Clock {
  #now = 1_000_000
  readonly #sleepers = new Set<{ until: number; wake: () => void }>()
  readonly now = () => this.#now

  sleep = (milliseconds: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const sleeper = {
        until: this.#now + milliseconds,
        wake: () => {
          this.#sleepers.delete(sleeper)
          resolve()
        },
      }
      this.#sleepers.add(sleeper)
      signal.addEventListener("abort", sleeper.wake, { once: true })
      if (signal.aborted) sleeper.wake()
    })

  get sleepers(): number {
    return this.#sleepers.size
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds
    for (const sleeper of [...this.#sleepers]) if (sleeper.until <= this.#now) sleeper.wake()
  }
}

type Answer = string | Buffer | { status: number; headers?: Record<string, string>; body?: string | Buffer }

/** A server that answers by a function of the path and query; nothing is 404, "hang" is no answer. */
export async function serve(answer: (path: string, request: IncomingMessage) => Answer | undefined) {
  const requests: string[] = []
  let inFlight = 0
  let peakInFlight = 0
  const server = await web((request, response) => {
    requests.push(request.url ?? "")
    peakInFlight = Math.max(peakInFlight, ++inFlight)
    response.on("close", () => inFlight--)
    const given = answer(request.url ?? "", request) ?? { status: 404 }
    if (given === "hang") return
    const isBody = typeof given === "string" || Buffer.isBuffer(given)
    const { status, headers = {}, body = "" } = isBody ? { status: 200, body: given } : given
    const type = String(body).startsWith("#EXTM3U") ? "application/vnd.apple.mpegurl" : "video/mp2t"
    response.writeHead(status, {
      "content-type": type,
      "content-length": Buffer.byteLength(body),
      ...headers,
    })
    response.end(body)
  })
  return {
    ...server,
    requests,
    /** How often each segment was asked for, by its number in a path that ends with it. */
    segmentRequests: () =>
      requests.flatMap((path) => {
        const number = /(\d+)\.(?:ts|m4s|aac)/.exec(path)?.[1]
        return number === undefined ? [] : [Number(number)]
      }),
    inFlight: () => inFlight,
    peakInFlight: () => peakInFlight,
  }
}

export type Server = Awaited<ReturnType<typeof serve>>

export interface PlaylistLook {
  first: number
  count: number
  target?: number
  seconds?: number
  /** Lines before a segment. */
  before?: (sequence: number) => string
  name?: (sequence: number) => string
  end?: string
  head?: string
}

export function playlistText(look: PlaylistLook): string {
  const { first, count, target = 2, seconds = 2, before = () => "", end = "", head = "" } = look
  const name = look.name ?? ((sequence) => `seg${sequence}.ts`)
  const lines = ["#EXTM3U", "#EXT-X-VERSION:3", `#EXT-X-TARGETDURATION:${target}`]
  lines.push(`#EXT-X-MEDIA-SEQUENCE:${first}`, head)
  for (let n = first; n < first + count; n++) lines.push(before(n), `#EXTINF:${seconds},`, name(n))
  lines.push(end)
  return `${lines.filter((line) => line !== "").join("\n")}\n`
}

export const request = (url: string, changes: Partial<StreamRequest> = {}): StreamRequest => ({
  ...{ url, headers: {}, stallMilliseconds: 2_000, hlsVariant: "highest", maxHeldBytes: 4 * 1024 * 1024 },
  signal: new AbortController().signal,
  ...changes,
})

/** Opens and reads it; the numbers of the segments stand in the order in which they came. */
export async function play(url: string, changes: Partial<StreamRequest> = {}) {
  const clock = changes.clock instanceof ManualClock ? changes.clock : new ManualClock()
  const result = await openStream(request(url, { ...changes, clock }))
  if (!result.ok) throw new Error(`did not open: ${JSON.stringify(result.failure)}`)
  opened.push(result.upstream)
  const chunks: Buffer[] = []
  const seams: { seam: string; atByte: number }[] = []
  let bytes = 0
  let ended: UpstreamFailure | null = null
  const end = result.upstream.read(
    (chunk) => {
      chunks.push(chunk)
      bytes += chunk.length
    },
    (seam) => void seams.push({ seam, atByte: bytes }),
  )
  void end.then((failure) => {
    ended = failure
  })
  const packets = () => {
    const all = Buffer.concat(chunks)
    return Array.from({ length: Math.floor(all.length / packetBytes) }, (_, n) => ({
      segment: all.readUInt32BE(n * packetBytes + 4),
      packet: all.readUInt16BE(n * packetBytes + 8),
    }))
  }
  return {
    upstream: result.upstream,
    clock,
    end,
    seams,
    hasEnded: () => ended !== null,
    bytes: () => Buffer.concat(chunks),
    packets,
    /** One number for each first packet of a segment. */
    segments: () => packets().flatMap(({ segment, packet }) => (packet === 0 ? [segment] : [])),
    /** Waits until so many segments have begun. */
    async until(count: number) {
      const begun = () => packets().filter(({ packet }) => packet === 0).length
      await until(`${count} segments have come`, () => begun() >= count)
    },
    /** Lets time pass when all that was to be done is done. */
    async pass(milliseconds: number, server: Pick<Server, "inFlight">) {
      // Between a key and its segment nothing is in flight either, but not for long.
      let lookedAt = 0
      await until("it rests", () => {
        const isResting = server.inFlight() === 0 && (clock.sleepers >= 2 || ended !== null)
        lookedAt = isResting ? lookedAt + 1 : 0
        return lookedAt >= 3
      })
      clock.advance(milliseconds)
    },
  }
}

export type Played = Awaited<ReturnType<typeof play>>
