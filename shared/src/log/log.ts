import { configure, getJsonLinesFormatter, getLogger, type LogRecord, type Sink } from "@logtape/logtape"
import type { LogRing } from "./log-ring.ts"
import { redactValue } from "./redact.ts"

export type { Logger } from "@logtape/logtape"

export interface LogOptions {
  /** Writes one line, newline included. */
  write: (line: string) => void
  debug: boolean
  /** `OBFUSCATE_URLS`: leaves addresses out of messages and properties. */
  obfuscate: boolean
  /** What keeps the newest lines, for whoever asks later. */
  ring?: Pick<LogRing, "push">
}

const format = getJsonLinesFormatter({ properties: "flatten", message: "rendered" })

/** Logs are JSON lines: `@timestamp`, `level`, `logger`, `message` and the event's own fields. */
export async function startLog({ write, debug, obfuscate, ring }: LogOptions): Promise<void> {
  const sink: Sink = (record) => write(format(obfuscate ? withoutAddresses(record) : record))
  const kept: Sink = (record) => ring?.push(record)
  await configure({
    reset: true,
    sinks: { lines: sink, kept },
    loggers: [
      { category: ["logtape", "meta"], sinks: ["lines"], lowestLevel: "error" },
      { category: "tributary", sinks: ["lines", "kept"], lowestLevel: debug ? "debug" : "info" },
    ],
  })
}

/** The logger of one stage: `log("streamer", "pool")`. */
export function log(tier: string, stage: string) {
  return getLogger(["tributary", tier, stage])
}

function withoutAddresses(record: LogRecord): LogRecord {
  return {
    ...record,
    message: record.message.map((part) => redactValue(part)),
    properties: redactValue(record.properties) as Record<string, unknown>,
  }
}
