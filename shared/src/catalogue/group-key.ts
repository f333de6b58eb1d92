/** What makes feeds one channel (`GROUP_BY`). */
export type GroupBy = "name" | "tvg-id" | "quality"

// Compatibility folding (UAX 15) joins full-width and composed forms, but would also turn the circled
// letters that lists append as remarks into plain ones, and "Sport Ⓢ" into "Sports".
const circled = /[\u2460-\u24FF]/u
const invisible = /[\s\p{Cf}\p{Cc}]|[\uFE00-\uFE0F]/gu

/** One form for each character, whichever way it was composed or how wide it was typed. */
function folded(name: string): string {
  if (!circled.test(name)) return name.normalize("NFKC")
  return Array.from(name, (char) => (circled.test(char) ? char : char.normalize("NFKC")))
    .join("")
    .normalize("NFC")
}

/** A name without what people do not see or mean: Unicode form, case, spaces, invisible characters. */
export function normaliseName(name: string): string {
  // Spaces go before the case: a Greek sigma's lower case depends on what follows it.
  const visible = folded(name).replace(invisible, "")
  // Lower, upper, lower: ẞ becomes ß, then SS, then ss; there and back alone would leave ß.
  const folding = visible.toLowerCase().toUpperCase().toLowerCase()
  return folded(folding).replace(invisible, "")
}

// The separator before a tag goes with it, a bracket around it stays for the next step.
const qualityTag =
  /(?:[\s|:_-]+|(?<=^|[([{]))(?:4k|uhd|fhd|hd|sd|hevc|h\.?26[45]|1080[pi]|720p|576[pi]|480p|2160p|raw|50 ?fps|60 ?fps)(?=$|[\s)\]}|:_-])/giu
const emptyBrackets = /\(\s*\)|\[\s*\]|\{\s*\}|\|\s*\|/gu
const danglingSeparators = /^[\s|:_-]+|[\s|:_-]+$/gu

/** A name without its quality tags (HD, FHD, 4K, 1080p, HEVC, …), for `GROUP_BY=quality`. */
export function withoutQuality(name: string): string {
  const plain = folded(name)
  const untagged = plain.replace(qualityTag, " ").replace(emptyBrackets, " ")
  if (untagged === plain) return name
  const bare = untagged.replace(danglingSeparators, "")
  return bare === "" ? name : bare
}

/**
 * The key that feeds of one channel share. A feed without tvg-id, or whose name normalises to nothing
 * (only invisible characters), falls back to its name as written, so that it stays a channel of its own.
 */
export function groupKey(groupBy: GroupBy, feed: { name: string; tvgId: string | undefined }): string {
  const tvgId = feed.tvgId?.trim().toLowerCase()
  if (groupBy === "tvg-id" && tvgId) return `id:${tvgId}`
  const name = groupBy === "quality" ? withoutQuality(feed.name) : feed.name
  return normaliseName(name) || feed.name
}
