import type { ChannelGuide } from "@tributary/shared/admin-api/channels"

/** What of these is on, or what comes next; `now`, and what `clock` gets, are Unix milliseconds. */
export function nowInWords(
  programmes: ChannelGuide["programmes"],
  now: number,
  clock: (at: number) => string,
): string {
  const current = programmes.find(({ start, stop }) => start * 1000 <= now && now < stop * 1000)
  if (current !== undefined) return `Now until ${clock(current.stop * 1000)}: ${current.title}`
  const next = programmes.find(({ start }) => start * 1000 > now)
  return next === undefined
    ? "The guide has nothing from now on."
    : `From ${clock(next.start * 1000)}: ${next.title}`
}
