import { placeholder } from "@tributary/shared/snapshot/m3u-template"
import { joinBytes } from "./join-bytes.ts"
import { wholeLines } from "./whole-lines.ts"

const attributesStart = new TextEncoder().encode("#EXTINF:-1").length

/** A playlist template with nothing but names and addresses: Xtream's `type=m3u`. Holds one unfinished line. */
export async function* dropAttributes(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const lines of wholeLines(chunks)) yield joinBytes(lines.flatMap(withoutAttributes))
}

function withoutAttributes(line: Uint8Array): Uint8Array[] {
  const end = line.indexOf(placeholder.attributesEnd)
  return end < 0 ? [line] : [line.subarray(0, attributesStart), line.subarray(end)]
}
