/** What a chart of these values shows, for who does not see it: `now 3 kbit/s, lowest 1 kbit/s, highest 5 kbit/s`. */
export function spanInWords(values: readonly number[], format: (value: number) => string): string {
  const now = values.at(-1)
  if (now === undefined) return "nothing yet"
  const lowest = values.reduce((one, other) => Math.min(one, other))
  const highest = values.reduce((one, other) => Math.max(one, other))
  return `now ${format(now)}, lowest ${format(lowest)}, highest ${format(highest)}`
}
