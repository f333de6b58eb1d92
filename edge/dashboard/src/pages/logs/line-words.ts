import type { LogPage } from "@tributary/shared/admin-api/logs"

type Line = LogPage["lines"][number]

/** `14:03:07.042`, in the reader's own time zone. */
export function timeOf(at: number): string {
  const date = new Date(at)
  const part = (value: number, digits = 2) => String(value).padStart(digits, "0")
  return `${part(date.getHours())}:${part(date.getMinutes())}:${part(date.getSeconds())}.${part(date.getMilliseconds(), 3)}`
}

/** What a line says beyond its message, one property on each line; "": nothing. */
export function propertyLines(properties: Line["properties"]): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("\n")
}

const mostInLine = 160

/** The same in short, behind the message: `source=demo entries=13`. */
export function propertiesInLine(properties: Line["properties"]): string {
  const text = Object.entries(properties)
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" ")
  return text.length > mostInLine ? `${text.slice(0, mostInLine)}…` : text
}

/** A line as it is copied: its time in UTC, so that it means the same to whoever gets it. */
export function lineText({ at, level, streamer, category, message, properties }: Line): string {
  const more = Object.keys(properties).length === 0 ? "" : ` ${JSON.stringify(properties)}`
  return `${new Date(at).toISOString()} ${level.toUpperCase()} ${streamer} ${category} ${message}${more}`
}
