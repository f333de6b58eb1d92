import { readBlockMark } from "@tributary/shared/snapshot/guide-document"
import { joinBytes } from "../playlist/join-bytes.ts"

const newline = 0x0a
// Marks are short; a line this long is not one, and is not held until its end.
const longestLine = 64 * 1024

/**
 * A guide document (`guide-document.ts`) without the blocks of channels that are in none of the allowed
 * groups (numbers of the live section's groups), and without its marks. Blocks are passed on or skipped by
 * their lengths, never read.
 */
export async function* skipGroups(
  chunks: AsyncIterable<Uint8Array>,
  allowed: ReadonlySet<number>,
): AsyncGenerator<Uint8Array> {
  let line = new Uint8Array()
  let blockBytes = 0
  let isAllowed = false
  for await (const chunk of chunks) {
    const kept: Uint8Array[] = []
    for (let at = 0; at < chunk.length; ) {
      if (blockBytes > 0) {
        const part = chunk.subarray(at, at + blockBytes)
        if (isAllowed) kept.push(part)
        blockBytes -= part.length
        at += part.length
        continue
      }
      const end = chunk.indexOf(newline, at)
      const next = end < 0 ? chunk.length : end + 1
      line = joinBytes([line, chunk.subarray(at, next)])
      at = next
      if (end < 0 && line.length <= longestLine) break
      const mark = readBlockMark(new TextDecoder().decode(line).trimEnd())
      if (mark === null) kept.push(line)
      else {
        blockBytes = mark.bytes
        isAllowed = mark.groups.some((group) => allowed.has(group))
      }
      line = new Uint8Array()
    }
    if (kept.length > 0) yield joinBytes(kept)
  }
  if (blockBytes > 0) throw new Error("the guide ends within a block")
  if (line.length > 0) yield line
}
