import type { CloseReason, LiveStream } from "../pool/live-stream.ts"
import type { StreamReport } from "../pool/stream-report.ts"
import type { PlaybackReport } from "../vod/playback.ts"

/** A live stream or transcode, or what is played by one viewer alone. */
export type ManagedReport = StreamReport | PlaybackReport

/** What the streams API sees of a live stream, a transcode or a playback. */
export interface ManagedStream extends Pick<LiveStream, "channel" | "failOver"> {
  report(): ManagedReport
  /** Resolves when it is gone. */
  close(reason: CloseReason): Promise<unknown>
}

/** What runs on this streamer, by id. */
export interface ManagedStreams {
  streams: ReadonlyMap<string, ManagedStream>
}
