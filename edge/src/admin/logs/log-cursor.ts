/** Up to which line each streamer's log has been read. */
export type LogCursor = ReadonlyMap<string, number>

const entry = "[\\w-]{1,64}:\\d{1,15}"
const cursorText = new RegExp(`^(?:${entry}(?:,${entry})*)?$`)

/** Null for what `writeCursor` never wrote. */
export function readCursor(text: string): LogCursor | null {
  if (!cursorText.test(text)) return null
  const entries = text === "" ? [] : text.split(",")
  return new Map(
    entries.map((one) => {
      const at = one.lastIndexOf(":")
      return [one.slice(0, at), Number(one.slice(at + 1))]
    }),
  )
}

export function writeCursor(cursor: LogCursor): string {
  return [...cursor].map(([streamer, seq]) => `${streamer}:${seq}`).join(",")
}
