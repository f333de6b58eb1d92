/**
 * The guide of a snapshot is one XMLTV document for all viewers. In front of each channel's element, and of each
 * channel's programmes, stands a comment that says whose they are and how many bytes follow, so that what a
 * viewer may not see can be left out without parsing:
 *
 *     <!--{channel id} {section group numbers, by commas} {bytes}-->\n
 *
 * The bytes after the line break are that channel's block. Group numbers count the live groups of the
 * manifest. A block that several channels share (one tvg-id) names all of them: ids joined by `+`, and the
 * groups of all.
 */
export function blockMark(channelIds: readonly string[], groups: readonly number[], bytes: number): string {
  return `<!--${channelIds.join("+")} ${groups.join(",")} ${bytes}-->\n`
}

/** Reads a mark's text (without its line break); null for any other line. */
export function readBlockMark(line: string): { groups: number[]; bytes: number } | null {
  const match = /^<!--[\d+]+ ([\d,]*) (\d+)-->$/.exec(line)
  if (match?.[1] === undefined || match[2] === undefined) return null
  return { groups: match[1] === "" ? [] : match[1].split(",").map(Number), bytes: Number(match[2]) }
}

export const guideHead =
  '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tv SYSTEM "xmltv.dtd">\n<tv generator-info-name="Tributary">\n'
export const guideTail = "</tv>\n"
