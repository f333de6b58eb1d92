import type { ChannelSet } from "./channel-set.ts"

// Lines of picture that a name's quality tag tells. A name without one is mostly of the original's quality,
// which is better than what is marked as SD and not known to be HD.
const linesOfTag: [pattern: RegExp, lines: number][] = [
  [/(?:^|[\s([{|:_-])(?:8k|4320p)(?=$|[\s)\]}|:_-])/iu, 4320],
  [/(?:^|[\s([{|:_-])(?:4k|uhd|2160p)(?=$|[\s)\]}|:_-])/iu, 2160],
  [/(?:^|[\s([{|:_-])(?:fhd|1080[pi]?)(?=$|[\s)\]}|:_-])/iu, 1080],
  [/(?:^|[\s([{|:_-])(?:hd|720p?)(?=$|[\s)\]}|:_-])/iu, 720],
  [/(?:^|[\s([{|:_-])(?:sd|576[pi]?|480[pi]?|360p|240p)(?=$|[\s)\]}|:_-])/iu, 480],
]
const untaggedLines = 600

/** Lines of picture that a feed's name promises. */
export function resolutionOf(name: string): number {
  return linesOfTag.find(([pattern]) => pattern.test(name))?.[1] ?? untaggedLines
}

/** Puts each channel's feeds in failover order: by source, within a source the best picture first. */
export function orderFeeds(channels: ChannelSet): void {
  const { records } = channels
  for (let channel = 0; channel < channels.count; channel++) {
    if (channels.hasOneFeed(channel)) continue
    const feeds = [...channels.feeds(channel)].map((record) => ({
      record,
      source: records.source(record),
      lines: resolutionOf(records.open(record).text("name")),
    }))
    feeds.sort((a, b) => a.source - b.source || b.lines - a.lines || a.record - b.record)
    channels.setFeeds(
      channel,
      feeds.map(({ record }) => record),
    )
  }
}
