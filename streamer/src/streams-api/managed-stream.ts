import type { LiveStream } from "../pool/live-stream.ts"

/** What the streams API sees of a live stream. */
export type ManagedStream = Pick<LiveStream, "channel" | "report" | "close" | "failOver">

/** The live streams of this streamer by their id. */
export interface ManagedStreams {
  streams: ReadonlyMap<string, ManagedStream>
}
