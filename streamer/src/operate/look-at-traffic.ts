import type { LiveStream } from "../pool/live-stream.ts"
import type { Vod } from "../vod/vod.ts"
import type { Total } from "./total-meter.ts"

/** What is to be seen of the traffic at one moment. */
export interface TrafficSight {
  /** What comes from another streamer is counted there: from providers only. */
  received: Total[]
  /** Other streamers count what they send on: to players only. */
  sent: Total[]
  viewers: number
  /** Live streams and playbacks. */
  streams: number
}

export interface TrafficSources {
  live: ReadonlyMap<string, Pick<LiveStream, "report" | "viewers">>
  vod: Pick<Vod, "reports">
}

/** Looks at live streams, whose viewers count whatever they are given of them (a transcode, segments), and playbacks. */
export function lookAtTraffic({ live, vod }: TrafficSources): TrafficSight {
  const sight: TrafficSight = { received: [], sent: [], viewers: 0, streams: 0 }
  for (const stream of live.values()) {
    const { relay, state, bytesReceived } = stream.report()
    if (state !== "closing") sight.streams++
    sight.received.push({ carrier: stream, bytes: bytesReceived, isCounted: relay === null })
    for (const [watching, { isRelay }] of stream.viewers) {
      if (!isRelay) sight.viewers++
      sight.sent.push({ carrier: watching, bytes: watching.bytesSent, isCounted: !isRelay })
    }
  }
  for (const { id, startedAt, state, bytesReceived, bytesSent, viewers } of vod.reports()) {
    if (state !== "closing") sight.streams++
    // However many parts of a film a player reads at once, it is one.
    if (viewers.length > 0) sight.viewers++
    const carrier = `${id} ${startedAt}`
    sight.received.push({ carrier, bytes: bytesReceived, isCounted: true })
    sight.sent.push({ carrier, bytes: bytesSent, isCounted: true })
  }
  return sight
}
