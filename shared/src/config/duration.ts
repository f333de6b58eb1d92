const unitSeconds = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 } as const

/**
 * Reads a duration as users write it ("30m", "5s", "12h", "1h30m", "250ms") and gives seconds.
 * A bare number or anything else gives undefined, so that the caller can name the setting.
 */
export function parseDuration(text: string): number | undefined {
  const parts = [...text.trim().matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)]
  if (parts.length === 0 || parts.map((part) => part[0]).join("") !== text.trim()) return undefined
  const seconds = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * unitSeconds[unit as "s"], 0)
  return Number.isFinite(seconds) ? seconds : undefined
}
