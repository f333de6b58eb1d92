/** What makes feeds one channel (`GROUP_BY`). */
export type GroupBy = "name" | "tvg-id" | "quality"

// Compatibility folding (UAX 15) joins full-width and composed forms, but would also turn the circled
// letters that lists append as remarks into plain ones, and "Sport Ⓢ" into "Sports".
const circled = /[\u2460-\u24FF]/u
const invisible = /[\s\p{Cf}\p{Cc}]|[\uFE00-\uFE0F]/gu

/** A name without what people do not see or mean: Unicode form, case, spaces, invisible characters. */
export function normaliseName(name: string): string {
  const folded = circled.test(name)
    ? Array.from(name, (char) => (circled.test(char) ? char : char.normalize("NFKC")))
        .join("")
        .normalize("NFC")
    : name.normalize("NFKC")
  return folded.toUpperCase().toLowerCase().replace(invisible, "").normalize("NFC")
}

const qualityTag =
  /(?:^|[\s([{|:_-])(?:4k|uhd|fhd|hd|sd|hevc|h\.?26[45]|1080[pi]|720p|576[pi]|480p|2160p|raw|50 ?fps|60 ?fps)(?=$|[\s)\]}|:_-])/giu

/** A name without its quality tags (HD, FHD, 4K, 1080p, HEVC, …), for `GROUP_BY=quality`. */
export function withoutQuality(name: string): string {
  const bare = name
    .replace(qualityTag, " ")
    .replace(/[([{|]\s*[)\]}|]/gu, " ")
    .trim()
  return bare === "" ? name : bare
}

/**
 * The key that feeds of one channel share. A feed without tvg-id, or whose name normalises to nothing
 * (only invisible characters), falls back to its name as written, so that it stays a channel of its own.
 */
export function groupKey(groupBy: GroupBy, feed: { name: string; tvgId: string | undefined }): string {
  if (groupBy === "tvg-id" && feed.tvgId) return `id:${feed.tvgId.trim().toLowerCase()}`
  const name = groupBy === "quality" ? withoutQuality(feed.name) : feed.name
  return normaliseName(name) || feed.name
}
