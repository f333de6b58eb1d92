export type Programme = { id: number; startMs: number; stopMs: number; title: string; description: string }

const slotMs = 30 * 60 * 1000
const dayMs = 24 * 60 * 60 * 1000
const titles = [
  "Headlines & Weather",
  "The Source",
  "Upstream",
  "Delta Stories",
  "Rapids",
  "Quiet Water",
  "Meander",
  "Night Bridge",
]

/** The programmes of one channel that touch a time, as a pure function of it: asked again, it says the same. */
export function programmes(channelId: number, fromMs: number, toMs: number): Programme[] {
  const found: Programme[] = []
  for (let slot = Math.floor(fromMs / slotMs); slot * slotMs < toMs; slot++) {
    const title = titles[(slot * 5 + channelId) % titles.length] ?? ""
    found.push({
      // Unique over channels: there are fewer than 100,000 slots in five years.
      id: channelId * 10_000_000 + slot,
      startMs: slot * slotMs,
      stopMs: (slot + 1) * slotMs,
      title,
      description: `${title} on channel ${channelId}, slot ${slot % 48}.`,
    })
  }
  return found
}

/** Yesterday's first programme to the last of the day after tomorrow, in UTC. */
export function guideDays(channelId: number, nowMs: number): Programme[] {
  const today = Math.floor(nowMs / dayMs) * dayMs
  return programmes(channelId, today - dayMs, today + 3 * dayMs)
}
