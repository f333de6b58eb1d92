import type { HeldBody } from "../../upstream/http/held-body.ts"
import { HttpSession } from "../../upstream/http/http-session.ts"
import type { UpstreamFailure } from "../../upstream/upstream.ts"
import { type FileVersion, readContentRange, validatorOf, versionOf } from "./file-version.ts"
import type { RequestedRange } from "./requested-range.ts"

/** Bytes of a file, from `first` on; `end` (not included) is null where the provider does not say it. */
export interface Part {
  version: FileVersion
  first: number
  end: number | null
  body: HeldBody
}

export type PartResult =
  | { ok: true; part: Part }
  /** Nothing of what was asked for is there. */
  | { ok: false; code: "outside"; version: FileVersion }
  | { ok: false; code: "failed"; failure: UpstreamFailure }

export interface RangeConnectionOptions {
  url: string
  headers: Record<string, string>
  stallMilliseconds: number
}

// Of an answer that nobody reads yet.
const maxHeldBytes = 256 * 1024

const isPage = /^(?:text\/html|application\/(?:json|xhtml\+xml))\b/

/** A film at its provider, over one connection, which is kept from one part to the next. */
export class RangeConnection {
  readonly #url: string
  readonly #session: HttpSession

  constructor(options: RangeConnectionOptions) {
    this.#url = options.url
    this.#session = new HttpSession({ ...options, maxRequests: 1, maxHeldBytes })
  }

  /**
   * Asks for a part, of this version of the file when one is known. The body of the one before must be over. A provider
   * without ranges, or with another file, answers from the file's beginning.
   */
  async ask(range: RequestedRange, version: FileVersion | null): Promise<PartResult> {
    const validator = version === null ? null : validatorOf(version)
    const result = await this.#session.get({
      url: this.#url,
      headers: { range: headerOf(range), ...(validator === null ? {} : { "if-range": validator }) },
      accepts: [416],
    })
    if (!result.ok) return { ok: false, code: "failed", failure: result.failure }
    const { answer } = result
    const found = versionOf(answer)
    const failed = (failure: UpstreamFailure): PartResult => {
      answer.body.cancel()
      return { ok: false, code: "failed", failure }
    }
    if (answer.status === 416) {
      answer.body.cancel()
      if (found.size !== null) return { ok: false, code: "outside", version: found }
      return { ok: false, code: "failed", failure: { code: "http_status", status: 416 } }
    }
    if (isPage.test(answer.contentType))
      return failed({ code: "not_video", what: answer.contentType.includes("json") ? "json" : "html" })
    if (found.size === 0) return failed({ code: "not_video", what: "empty" })
    if (answer.status === 200)
      return { ok: true, part: { version: found, first: 0, end: found.size, body: answer.body } }
    const first = readContentRange(answer.headers["content-range"])?.first ?? null
    if (answer.status !== 206 || first === null) return failed({ code: "protocol_error" })
    const length = answer.headers["content-length"]
    const end = length === undefined ? null : first + Number(length)
    return { ok: true, part: { version: found, first, end, body: answer.body } }
  }

  /** Breaks off what is asked or answered; resolves when the socket is gone. */
  async disconnect(): Promise<void> {
    await this.#session.disconnect()
  }

  /** Idempotent; resolves when the socket is gone. */
  async close(): Promise<void> {
    await this.#session.close()
  }
}

function headerOf(range: RequestedRange): string {
  switch (range.kind) {
    // Whether parts can be had is known by the answer.
    case "whole":
      return "bytes=0-"
    case "from":
      return `bytes=${range.first}-${range.last ?? ""}`
    case "suffix":
      return range.bytes === 0 ? "bytes=0-" : `bytes=-${range.bytes}`
  }
}
