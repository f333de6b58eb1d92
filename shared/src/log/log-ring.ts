import type { LogRecord } from "@logtape/logtape"
import { keptLines, type LogLevel, type LogLine, logLevels } from "./log-line.ts"
import { redact, redactValue } from "./redact.ts"

export interface LogRingOptions {
  maxLines?: number
  /** Of all lines together, about. */
  maxCharacters?: number
}

/** Which of the lines are asked for. */
export interface LogQuestion {
  /** Those behind the line with this number, the oldest of them first; null: the newest ones. */
  after: number | null
  /** The lowest level. */
  level: LogLevel
  /** In whatever case; "": all. */
  search: string
  limit: number
}

interface Kept {
  line: LogLine
  /** What is searched. */
  text: string
}

// A line of a few words takes some hundred.
const maxCharactersByDefault = 4 * 1024 * 1024
const maxLineCharacters = 16 * 1024

/** The newest lines of a log, for whoever asks later; bounded in number and size. */
export class LogRing {
  readonly #maxLines: number
  readonly #maxCharacters: number
  #kept: Kept[] = []
  /** Those before it have been dropped already. */
  #first = 0
  #characters = 0
  #seq = 0

  constructor({ maxLines = keptLines, maxCharacters = maxCharactersByDefault }: LogRingOptions = {}) {
    this.#maxLines = maxLines
    this.#maxCharacters = maxCharacters
  }

  push(record: LogRecord): void {
    const kept = keptOf(record, this.#seq + 1)
    this.#seq++
    this.#kept.push(kept)
    this.#characters += kept.text.length
    while (this.#size > 1 && (this.#size > this.#maxLines || this.#characters > this.#maxCharacters))
      this.#drop()
  }

  /** At most `limit` lines, oldest first, and what to ask for next to miss none behind them. */
  read({ after, level, search, limit }: LogQuestion): { lines: LogLine[]; next: number } {
    const lowest = logLevels.indexOf(level)
    const part = search.toLowerCase()
    const isWanted = ({ line, text }: Kept) =>
      line.seq > (after ?? 0) && logLevels.indexOf(line.level) >= lowest && text.includes(part)
    const wanted = this.#kept.slice(this.#first).filter(isWanted)
    const taken = after === null ? wanted.slice(-limit) : wanted.slice(0, limit)
    const isCut = after !== null && taken.length < wanted.length
    const lines = taken.map(({ line }) => line)
    return { lines, next: isCut ? (lines.at(-1)?.seq ?? after) : this.#seq }
  }

  get #size(): number {
    return this.#kept.length - this.#first
  }

  #drop(): void {
    this.#characters -= this.#kept[this.#first]?.text.length ?? 0
    this.#first++
    if (this.#first * 2 < this.#kept.length) return
    this.#kept = this.#kept.slice(this.#first)
    this.#first = 0
  }
}

function keptOf({ timestamp, level, category, message, properties }: LogRecord, seq: number): Kept {
  const line: LogLine = {
    ...{ seq, at: timestamp, level },
    category: category.filter((part) => part !== "tributary").join("."),
    message: message.map((part) => (typeof part === "string" ? redact(part) : inWords(part))).join(""),
    properties: {},
  }
  const written = asJson(redactValue(properties))
  const text = `${line.category} ${line.message} ${written}`
  if (text.length > maxLineCharacters) {
    const message = `${line.message.slice(0, maxLineCharacters / 2)} […]`
    return { line: { ...line, message }, text: `${line.category} ${message}`.toLowerCase() }
  }
  // A copy: what was logged goes on changing.
  line.properties = JSON.parse(written) as Record<string, unknown>
  return { line, text: text.toLowerCase() }
}

/** What a message has in place of a `{name}`. */
function inWords(value: unknown): string {
  const redacted = redactValue(value)
  return typeof redacted === "string" ? redacted : asJson(redacted)
}

function asJson(value: unknown): string {
  return (
    JSON.stringify(value, (_, item: unknown) => (typeof item === "bigint" ? String(item) : item)) ?? "null"
  )
}
