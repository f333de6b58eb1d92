// Everything else is dropped: it is not used, and hls-parser trips over some of it.
const keptTags = new Set([
  "EXTINF",
  "EXT-X-BYTERANGE",
  "EXT-X-DISCONTINUITY",
  "EXT-X-KEY",
  "EXT-X-MAP",
  "EXT-X-GAP",
  "EXT-X-TARGETDURATION",
  "EXT-X-MEDIA-SEQUENCE",
  "EXT-X-ENDLIST",
  "EXT-X-PLAYLIST-TYPE",
  "EXT-X-STREAM-INF",
  "EXT-X-MEDIA",
])
const withAttributes = new Set(["EXT-X-KEY", "EXT-X-MAP", "EXT-X-STREAM-INF", "EXT-X-MEDIA"])
const once = new Set(["EXT-X-TARGETDURATION", "EXT-X-MEDIA-SEQUENCE", "EXT-X-PLAYLIST-TYPE"])

/**
 * A playlist without what makes hls-parser 0.16 throw or go astray, although players take it: titles that are not
 * ASCII, apostrophes in attributes, addresses without #EXTINF, low-latency and advertisement tags, repeated tags.
 */
export function tidyPlaylist(text: string): string {
  const lines = ["#EXTM3U"]
  const seen = new Set<string>()
  const isMaster = /^\s*#EXT-X-STREAM-INF\s*:/m.test(text)
  let isAnnounced = false
  for (const raw of text.split(/[\r\n]+/)) {
    const line = raw.trim()
    if (line === "") continue
    if (!line.startsWith("#")) {
      if (!isAnnounced && !isMaster) lines.push("#EXTINF:0")
      lines.push(line)
      isAnnounced = false
      continue
    }
    const [, name = "", value = ""] = /^#\s*([A-Z0-9-]+)\s*:?(.*)$/.exec(line) ?? []
    if (!keptTags.has(name) || (once.has(name) && seen.has(name))) continue
    if (isMaster !== (name === "EXT-X-STREAM-INF" || name === "EXT-X-MEDIA")) continue
    if (name === "EXT-X-MEDIA" && !/TYPE=AUDIO\b/.test(value)) continue
    seen.add(name)
    if (name === "EXTINF") {
      isAnnounced = true
      lines.push(`#EXTINF:${Number.parseFloat(value.replace(",", " ")) || 0},`)
    } else if (value === "") lines.push(`#${name}`)
    else lines.push(`#${name}:${withAttributes.has(name) ? tidyAttributes(value) : value.trim()}`)
  }
  return `${lines.join("\n")}\n`
}

// An apostrophe is a quote to hls-parser; in an address this is the same, and names are not used.
const tidyAttributes = (value: string) => value.trim().replaceAll("'", "%27")
