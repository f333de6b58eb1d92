import { Gauge, type Registry } from "prom-client"
import type { TranscodeReport } from "../transcode/transcode-report.ts"

/** A transcode as it is counted. */
export interface MeteredTranscode {
  report(): Pick<TranscodeReport, "profiles" | "state" | "viewers">
}

/**
 * Gauges of the transcodes that run now; gives what sets them. A label is the id of a configured transcode profile: the
 * first that a transcode was asked for by, as several may have the same recipe.
 */
export function transcodeGauges(registry: Registry): (transcodes: Iterable<MeteredTranscode>) => void {
  const registers = [registry]
  const running = new Gauge({
    name: "tributary_transcodes",
    help: "Transcodes that run, by transcode profile.",
    labelNames: ["transcode"],
    registers,
  })
  const watching = new Gauge({
    name: "tributary_transcode_viewers",
    help: "Viewers of transcodes, those by HLS included, by transcode profile.",
    labelNames: ["transcode"],
    registers,
  })
  return (transcodes) => {
    running.reset()
    watching.reset()
    for (const each of transcodes) {
      const { profiles, state, viewers } = each.report()
      if (state === "closing") continue
      const transcode = profiles[0] ?? ""
      running.inc({ transcode })
      watching.inc({ transcode }, viewers.length)
    }
  }
}
