/** Why an upstream did not open, or ended. Codes are stable; texts for the log are made from them. */
export type UpstreamFailure =
  | { code: "refused" | "unresolved" | "timeout" | "reset" | "bad_address" | "protocol_error" }
  | { code: "http_status"; status: number }
  | { code: "not_video"; what: "html" | "json" | "hls" | "dash" | "empty" | "unknown" }
  | { code: "stalled" | "ended" | "finished" | "aborted" | "collapsed" }
  | { code: "unsupported"; what: "encryption" | "separate_sound" | "container" }

/**
 * What follows does not continue what came before. "segment": the next segment of an HLS stream, whose counters may
 * begin anew; "discontinuity": other times, PIDs and codecs too (RFC 8216 4.3.2.3).
 */
export type UpstreamSeam = "segment" | "discontinuity"

/** An open upstream. Who opened it must close it; `close` resolves when its sockets are gone. */
export interface Upstream {
  /** Gives MPEG-TS as it comes, in pieces of any size; resolves with the reason of the end. Called once. */
  read(onChunk: (chunk: Buffer) => void, onSeam?: (seam: UpstreamSeam) => void): Promise<UpstreamFailure>
  close(): Promise<void>
  /** It comes in bursts, with pauses of some seconds; it sees to its own stalling. */
  readonly isSegmented?: boolean
  /** Segments of HLS that were passed by, because they could not be had or came too late. */
  readonly skippedSegments?: number
}

export type OpenUpstream = { ok: true; upstream: Upstream } | { ok: false; failure: UpstreamFailure }

const notVideoNames = {
  html: "a web page",
  json: "JSON",
  hls: "a playlist that is not of a stream",
  dash: "DASH",
  empty: "an empty answer",
  unknown: "something that is not MPEG-TS",
} as const

const unsupportedNames = {
  encryption: "is encrypted by other means than AES-128",
  separate_sound: "has its sound apart, of a kind that cannot be joined to its picture",
  container: "is of a kind that ffmpeg cannot put into MPEG-TS",
} as const

/** One sentence without addresses, for logs and answers. */
export function describeFailure(failure: UpstreamFailure): string {
  switch (failure.code) {
    case "http_status":
      return `the provider answered ${failure.status}`
    case "not_video":
      return `the provider sent ${notVideoNames[failure.what]}`
    case "refused":
      return "the connection was refused"
    case "unresolved":
      return "the server's name could not be resolved"
    case "timeout":
      return "the provider did not answer in time"
    case "reset":
      return "the provider reset the connection"
    case "bad_address":
      return "the address is not valid"
    case "protocol_error":
      return "the provider's answer is not HTTP"
    case "stalled":
      return "no bytes came for too long"
    case "collapsed":
      return "the bitrate collapsed"
    case "unsupported":
      return `the stream ${unsupportedNames[failure.what]}`
    case "ended":
      return "the provider ended the stream"
    case "finished":
      return "the provider says that the stream is over"
    case "aborted":
      return "closed here"
  }
}
