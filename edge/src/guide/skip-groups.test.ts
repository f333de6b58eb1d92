import { blockMark, guideHead, guideTail } from "@tributary/shared/snapshot/guide-document"
import { describe, expect, it } from "vitest"
import { collectBytes, readUntilEnd, streamOf } from "../test-support/streams.ts"
import { skipGroups } from "./skip-groups.ts"

const encoder = new TextEncoder()

function block(groups: number[], text: string): string {
  return blockMark(["101"], groups, encoder.encode(text).length) + text
}
async function filtered(allowed: number[], ...chunks: Uint8Array[]): Promise<string> {
  return new TextDecoder().decode(await collectBytes(skipGroups(streamOf(chunks), new Set(allowed))))
}

describe("skipGroups", () => {
  const [news, sport, both, none] = ["<news/>\nnäws\n", "<sport/>", "<both>\n", "<none/>"]
  const guide = `${guideHead}${block([0], news)}${block([1], sport)}${block([0, 12], both)}${block([], none)}${guideTail}`
  const bytes = encoder.encode(guide)

  it.each([
    [[0], news + both],
    [[1], sport],
    [[12, 1], sport + both],
    [[2], ""],
    [[], ""],
  ])("keeps the blocks of groups %j, with head and tail", async (allowed, expected) => {
    expect(await filtered(allowed, bytes)).toBe(guideHead + expected + guideTail)
  })

  it("keeps the same wherever the document is cut", async () => {
    const expected = guideHead + news + both + guideTail
    for (let cut = 0; cut <= bytes.length; cut++)
      expect(await filtered([0], bytes.subarray(0, cut), bytes.subarray(cut))).toBe(expected)
    expect(await filtered([0], ...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toBe(expected)
  })

  it("goes by a block's length, whatever is in it", async () => {
    const forged = `${blockMark(["9"], [1], 3)}abc\n${guideTail}`
    expect(await filtered([1], encoder.encode(guideHead + block([0], forged) + guideTail))).toBe(
      guideHead + guideTail,
    )
  })

  it("breaks off where the document ends within a block", async () => {
    const cut = encoder.encode(guideHead + block([0], news)).subarray(0, -1)
    for (const allowed of [[0], [1]])
      expect((await readUntilEnd(skipGroups(streamOf([cut]), new Set(allowed)))).brokeOff).toBe(true)
  })

  it("holds no block in memory", async () => {
    let taken = 0
    async function* endless() {
      yield encoder.encode(guideHead + blockMark(["101"], [0], 1_000_000_000))
      for (;;) {
        taken++
        yield new Uint8Array(1_000)
      }
    }
    const chunks = skipGroups(endless(), new Set([0]))
    await chunks.next()
    for (let read = 1; read <= 100; read++) {
      await chunks.next()
      expect(taken).toBe(read)
    }
    await chunks.return(undefined)
  })
})
