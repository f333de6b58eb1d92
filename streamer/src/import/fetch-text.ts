import { createGunzip } from "node:zlib"
import { Agent, errors, interceptors, request } from "undici"
import { ImportError } from "./import-error.ts"

export interface FetchOptions {
  url: string
  headers: Record<string, string>
  onBytes: (bytes: number) => void
}

const connectMilliseconds = 10_000
const answerMilliseconds = 60_000
const gzipMagic = [0x1f, 0x8b]

/** The pieces of a provider's answer, unpacked when it is gzip; throws an ImportError that says what came. */
export async function* fetchPieces({ url, headers, onBytes }: FetchOptions): AsyncGenerator<Buffer> {
  const agent = new Agent({
    connectTimeout: connectMilliseconds,
    headersTimeout: answerMilliseconds,
    bodyTimeout: answerMilliseconds,
    connect: { rejectUnauthorized: false },
  })
  try {
    const response = await request(url, {
      dispatcher: agent.compose(interceptors.redirect({ maxRedirections: 5 })),
      headers: { ...headers, "accept-encoding": "gzip" },
    })
    if (response.statusCode !== 200)
      throw new ImportError("http_status", `the provider answered ${response.statusCode}`)
    yield* unpacked(response.body, onBytes)
  } catch (error) {
    throw error instanceof ImportError ? error : unreachable(error)
  } finally {
    await agent.destroy()
  }
}

async function* unpacked(
  body: AsyncIterable<Buffer>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  let gunzip: ReturnType<typeof createGunzip> | undefined
  let first = true
  const unzipped: Buffer[] = []
  for await (const chunk of body) {
    onBytes(chunk.length)
    // Told by its first bytes: .gz files come with every content type, and servers label plain text gzip.
    if (first && chunk[0] === gzipMagic[0] && chunk[1] === gzipMagic[1]) {
      gunzip = createGunzip()
      gunzip.on("data", (piece: Buffer) => unzipped.push(piece))
    }
    first = false
    if (gunzip === undefined) yield chunk
    else {
      const target = gunzip
      await new Promise<void>((resolve, reject) => {
        target.once("error", reject)
        target.write(chunk, () => {
          target.off("error", reject)
          resolve()
        })
      })
      yield* unzipped.splice(0)
    }
  }
  if (gunzip !== undefined) {
    const target = gunzip
    await new Promise<void>((resolve, reject) => {
      target.once("error", reject)
      target.once("end", resolve)
      target.end()
    })
    yield* unzipped.splice(0)
  }
}

/** The whole answer as text; for API calls. */
export async function fetchText(options: FetchOptions): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of fetchPieces(options)) pieces.push(piece)
  return new TextDecoder().decode(Buffer.concat(pieces))
}

function unreachable(error: unknown): ImportError {
  const code = error instanceof Error && "code" in error ? String(error.code) : ""
  const timedOut =
    error instanceof errors.ConnectTimeoutError ||
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError
  const reason = timedOut
    ? "it does not answer in time"
    : code === "ECONNREFUSED"
      ? "the connection was refused"
      : code === "ENOTFOUND" || code === "EAI_AGAIN"
        ? "its name could not be resolved"
        : code.startsWith("Z_")
          ? "its gzip data is damaged"
          : "the connection broke off"
  return new ImportError("unreachable", `the provider cannot be reached: ${reason}`)
}
