import type { BodyStage, HeldBody } from "../http/held-body.ts"
import type { HttpSession } from "../http/http-session.ts"
import { type BodyKind, recogniseBody } from "../recognise-body.ts"
import type { UpstreamFailure } from "../upstream.ts"
import { byteSlice } from "./byte-slice.ts"
import { ivOf, SegmentDecipher } from "./decrypt.ts"
import type { ByteSpan, InitSection, Segment } from "./playlist.ts"

export type SegmentKind = Exclude<BodyKind, "hls" | { notVideo: unknown }>

/** A segment whose first bytes have come, and are what they should be. */
export interface OpenSegment {
  kind: SegmentKind
  /** What has to come before segments of this kind. */
  init: Buffer | null
  body: HeldBody
}

type Result<Value> = { ok: true; value: Value } | { ok: false; failure: UpstreamFailure }
export type SegmentResult = Result<OpenSegment>

const keyBytes = 16
// Keys and initialisation sections that are kept: each serves many segments, and they change slowly.
const mostKept = 16

/** Loads segments with what they need: keys and initialisation sections, each once. */
export class SegmentSource {
  readonly #session: HttpSession
  readonly #keys = new Map<string, Promise<Result<Buffer>>>()
  readonly #inits = new Map<string, Promise<Result<Buffer>>>()

  constructor(session: HttpSession) {
    this.#session = session
  }

  async open(segment: Segment): Promise<SegmentResult> {
    const decipher = await this.#decipherOf(segment)
    if (!decipher.ok) return decipher
    const init = segment.init === null ? null : await this.#initOf(segment.init, segment)
    if (init?.ok === false) return init
    const result = await this.#session.get(requestFor(segment, decipher.value))
    if (!result.ok) return result
    const { contentType, body } = result.answer
    const recognised = await body.recognise((start, isOver) => recogniseBody(contentType, start, isOver))
    const failure = recognised.ok ? failureOfKind(recognised.kind) : recognised.failure
    if (failure !== null) {
      body.cancel()
      return { ok: false, failure }
    }
    const kind = (recognised.ok ? recognised.kind : "mpegts") as SegmentKind
    return { ok: true, value: { kind, init: init?.value ?? null, body } }
  }

  async #decipherOf({ key, sequence }: Segment): Promise<Result<(() => BodyStage) | null>> {
    if (key.method === "none") return { ok: true, value: null }
    if (key.method === "unsupported")
      return { ok: false, failure: { code: "unsupported", what: "encryption" } }
    const { url, iv } = key
    const found = await kept(this.#keys, url, () => this.#bytes(url, null))
    if (!found.ok) return found
    const { value } = found
    if (value.length !== keyBytes) {
      this.#keys.delete(url)
      return { ok: false, failure: { code: "not_video", what: "unknown" } }
    }
    return { ok: true, value: () => new SegmentDecipher(value, iv ?? ivOf(sequence)) }
  }

  async #initOf({ url, span }: InitSection, segment: Segment): Promise<Result<Buffer>> {
    const found = await kept(this.#inits, `${url} ${span?.offset}`, () => this.#bytes(url, span))
    if (!found.ok || recogniseBody("", found.value, true) === "mp4") return found
    // Encrypted like the segments (RFC 8216 4.3.2.5).
    const decipher = await this.#decipherOf(segment)
    if (!decipher.ok || decipher.value === null) return found
    const stage = decipher.value()
    return { ok: true, value: Buffer.concat([stage.push(found.value), stage.end()]) }
  }

  async #bytes(url: string, span: ByteSpan | null): Promise<Result<Buffer>> {
    const result = await this.#session.get(requestFor({ url, span }, null))
    if (!result.ok) return result
    const read = await result.answer.body.all()
    return read.ok ? { ok: true, value: read.kind } : read
  }
}

function requestFor({ url, span }: Pick<Segment, "url" | "span">, decipher: (() => BodyStage) | null) {
  const range = span && { range: `bytes=${span.offset}-${span.offset + span.length - 1}` }
  return {
    url,
    headers: { ...range },
    stages: (status: number) => [
      ...(span !== null && status !== 206 ? [byteSlice(span)] : []),
      ...(decipher === null ? [] : [decipher()]),
    ],
  }
}

function failureOfKind(kind: BodyKind): UpstreamFailure | null {
  if (typeof kind === "object") return { code: "not_video", what: kind.notVideo }
  return kind === "hls" ? { code: "not_video", what: "hls" } : null
}

/** What is asked for once, unless it fails; the oldest is forgotten. */
async function kept(
  all: Map<string, Promise<Result<Buffer>>>,
  key: string,
  load: () => Promise<Result<Buffer>>,
): Promise<Result<Buffer>> {
  const loading = all.get(key) ?? load()
  all.set(key, loading)
  for (const oldest of all.keys()) {
    if (all.size <= mostKept) break
    all.delete(oldest)
  }
  const result = await loading
  if (!result.ok) all.delete(key)
  return result
}
