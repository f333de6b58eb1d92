import { constants, gunzipSync } from "node:zlib"
import { openHttp } from "../upstream/open-http.ts"
import type { UpstreamFailure } from "../upstream/upstream.ts"

export interface FetchStartOptions {
  url: string
  headers: Record<string, string>
  /** Of what comes; a longer answer is cut there, and its connection closed. */
  maxBytes: number
  /** From the look-up of the name to the last byte. */
  patienceMilliseconds: number
  signal: AbortSignal
}

export type FetchedStart =
  | { ok: true; bytes: Buffer; isWhole: boolean }
  | { ok: false; failure: UpstreamFailure }

const gzipMagic = [0x1f, 0x8b]
// Zeros pack a thousandfold.
const mostUnpackedBytes = 4 * 1024 * 1024

/** The first bytes of a server's answer, unpacked when it is gzip. Rejects only when the signal aborts it. */
export async function fetchStart(options: FetchStartOptions): Promise<FetchedStart> {
  const { url, headers, maxBytes, patienceMilliseconds, signal } = options
  const late = new AbortController()
  const patience = setTimeout(() => late.abort(), patienceMilliseconds)
  const ending = AbortSignal.any([signal, late.signal])
  try {
    const opened = await openHttp({ url, headers, stallMilliseconds: patienceMilliseconds, signal: ending })
    const read = opened.ok ? await readStart(opened.upstream, maxBytes, ending) : opened
    signal.throwIfAborted()
    return !read.ok && late.signal.aborted ? { ok: false, failure: { code: "timeout" } } : read
  } finally {
    clearTimeout(patience)
  }
}

type Upstream = Extract<Awaited<ReturnType<typeof openHttp>>, { ok: true }>["upstream"]

async function readStart(upstream: Upstream, maxBytes: number, ending: AbortSignal): Promise<FetchedStart> {
  const close = () => void upstream.close()
  ending.addEventListener("abort", close, { once: true })
  if (ending.aborted) close()
  const chunks: Buffer[] = []
  let bytes = 0
  const end = await upstream.read((chunk) => {
    if (bytes < maxBytes) chunks.push(chunk)
    bytes += chunk.length
    if (bytes >= maxBytes) close()
  })
  ending.removeEventListener("abort", close)
  await upstream.close()
  const isWhole = bytes < maxBytes
  if (isWhole && end.code !== "ended") return { ok: false, failure: end }
  return { ok: true, bytes: unpacked(Buffer.concat(chunks).subarray(0, maxBytes)), isWhole }
}

/** Told by its first bytes, as servers label it wrongly, and may send it although nobody asked. */
function unpacked(bytes: Buffer): Buffer {
  if (!gzipMagic.every((byte, at) => bytes[at] === byte)) return bytes
  try {
    // What was cut unpacks as far as it goes.
    return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: mostUnpackedBytes })
  } catch {
    return bytes
  }
}
