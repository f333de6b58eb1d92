import type { EntryDetails } from "@tributary/shared/catalogue/entry"
import { kindBytes } from "../../catalogue/record.ts"
import type { ChannelSet } from "./channel-set.ts"

/** How many days of a live channel's past its feeds keep at most; 0: there is no catch-up. Opens its feeds' records. */
export function pastDays(channels: ChannelSet, channel: number): number {
  if (channels.kind[channel] !== kindBytes.live) return 0
  const { records } = channels
  let days = 0
  for (let record = channels.firstFeed(channel); record >= 0; record = channels.nextFeed(record)) {
    if (records.open(record).isEmpty("details")) continue
    const details = records.text("details")
    // Most details say nothing of it.
    if (!details.includes('"catchup":')) continue
    days = Math.max(days, (JSON.parse(details) as EntryDetails).catchup?.days ?? 0)
  }
  return days
}
