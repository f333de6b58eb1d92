import type { LookupFunction } from "node:net"
import { pipeline } from "node:stream"
import { createGunzip } from "node:zlib"
import { Agent, errors, interceptors, request } from "undici"
import { ImportError } from "../import-error.ts"

export interface FetchLimits {
  connectMilliseconds: number
  /** Without an answer's head, or without another byte of it. */
  answerMilliseconds: number
  /** From the first request to the last byte: an endless answer holds no import for ever. */
  wholeMilliseconds: number
  /** Of what a gzip answer unpacks to, and of what comes unpacked. */
  maxBytes: number
}

export interface FetchOptions {
  url: string
  headers: Record<string, string>
  onBytes: (bytes: number) => void
  /** How names are looked up; `node:dns` unless it is given. */
  lookup?: LookupFunction
  /** Those that are not named are the defaults. */
  limits?: Partial<FetchLimits>
}

const defaultLimits: FetchLimits = {
  connectMilliseconds: 10_000,
  answerMilliseconds: 60_000,
  wholeMilliseconds: 30 * 60_000,
  maxBytes: 1024 ** 3,
}
const gzipMagic = [0x1f, 0x8b]
const unpackBytes = 64 * 1024

/** The pieces of a provider's answer, unpacked when it is gzip; throws an ImportError that says what came. */
export async function* fetchPieces(options: FetchOptions): AsyncGenerator<Buffer> {
  const { url, headers, onBytes, lookup } = options
  const limits = { ...defaultLimits, ...options.limits }
  const agent = new Agent({
    connectTimeout: limits.connectMilliseconds,
    headersTimeout: limits.answerMilliseconds,
    bodyTimeout: limits.answerMilliseconds,
    connect: { rejectUnauthorized: false, ...(lookup === undefined ? {} : { lookup }) },
  })
  try {
    const response = await request(url, {
      dispatcher: agent.compose(interceptors.redirect({ maxRedirections: 5 })),
      headers: { ...headers, "accept-encoding": "gzip" },
      signal: AbortSignal.timeout(limits.wholeMilliseconds),
    })
    if (response.statusCode !== 200)
      throw new ImportError("http_status", `the provider answered ${response.statusCode}`)
    yield* bounded(unpacked(counted(response.body, onBytes)), limits.maxBytes)
  } catch (error) {
    throw error instanceof ImportError ? error : unreachable(error)
  } finally {
    await agent.destroy()
  }
}

async function* counted(
  body: AsyncIterable<Buffer>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  for await (const chunk of body) {
    onBytes(chunk.length)
    yield chunk
  }
}

/** A small gzip file can unpack to more than any disk holds. */
async function* bounded(pieces: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Buffer> {
  let bytes = 0
  for await (const piece of pieces) {
    bytes += piece.length
    if (bytes > maxBytes)
      throw new ImportError("too_large", `the provider's answer is larger than ${maxBytes} bytes`)
    yield piece
  }
}

/** Told by its first bytes: .gz files come with every content type, and servers label plain text gzip. */
async function* unpacked(body: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer = Buffer.alloc(0)
  while (head.length < gzipMagic.length) {
    const next = await body.next()
    if (next.done) break
    head = Buffer.concat([head, next.value])
  }
  const whole = prepended(head, body)
  if (!gzipMagic.every((byte, at) => head[at] === byte)) yield* whole
  else {
    const gunzip = createGunzip({ chunkSize: unpackBytes })
    // What goes wrong before it destroys the last stream with its error, which whoever reads it gets.
    yield* pipeline(whole, gunzip, () => undefined)
  }
}

async function* prepended(head: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head
  yield* rest
}

function unreachable(error: unknown): ImportError {
  const code = error instanceof Error && "code" in error ? String(error.code) : ""
  const timedOut =
    error instanceof errors.ConnectTimeoutError ||
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError
  const reason = timedOut
    ? "it does not answer in time"
    : error instanceof Error && error.name === "TimeoutError"
      ? "its answer does not end"
      : code === "ECONNREFUSED"
        ? "the connection was refused"
        : code === "ENOTFOUND" || code === "EAI_AGAIN"
          ? "its name could not be resolved"
          : code.startsWith("Z_")
            ? "its gzip data is damaged"
            : "the connection broke off"
  return new ImportError("unreachable", `the provider cannot be reached: ${reason}`)
}
