import { describe, expect, it } from "vitest"
import { readUntilEnd, streamOf } from "../test-support/streams.ts"
import { joinParts } from "./join-parts.ts"

const bytes = (text: string) => new TextEncoder().encode(text)
const objects: Record<string, () => ReadableStream<Uint8Array>> = {
  a: () => streamOf([bytes("A1\n"), bytes("A2\n")]),
  b: () => streamOf([bytes("B\n")]),
  empty: () => streamOf([]),
  broken: () => streamOf([bytes("half ")], new Error("the bucket went away")),
}

function open(key: string): Promise<ReadableStream<Uint8Array> | null> {
  return Promise.resolve(objects[key]?.() ?? null)
}

describe("joinParts", () => {
  it("sends the head, then the parts in their order", async () => {
    const { text, brokeOff } = await readUntilEnd(joinParts(["b", "empty", "a"], open))
    expect(text).toBe("#EXTM3U\nB\nA1\nA2\n")
    expect(brokeOff).toBe(false)
  })

  it("sends the head alone to a viewer without groups", async () => {
    expect(await readUntilEnd(joinParts([], open))).toEqual({ text: "#EXTM3U\n", brokeOff: false })
  })

  it("breaks off at a missing part, after what came before it", async () => {
    const { text, brokeOff } = await readUntilEnd(joinParts(["b", "gone", "a"], open))
    expect(text).not.toContain("A1")
    expect(brokeOff).toBe(true)
  })

  it("breaks off when a part breaks off", async () => {
    const { text, brokeOff } = await readUntilEnd(joinParts(["a", "broken", "b"], open))
    expect(text).not.toContain("B\n")
    expect(brokeOff).toBe(true)
  })

  it("breaks off when a part cannot be opened", async () => {
    const refuse = () => Promise.reject(new Error("the bucket does not answer"))
    expect((await readUntilEnd(joinParts(["a"], refuse))).brokeOff).toBe(true)
  })

  it("opens no further part once its reader went away", async () => {
    const opened: string[] = []
    let cancelled: () => void = () => undefined
    const wasCancelled = new Promise<void>((resolve) => {
      cancelled = resolve
    })
    const endless = () =>
      new ReadableStream<Uint8Array>({ pull: (to) => to.enqueue(bytes("x")), cancel: cancelled })
    const reader = joinParts(["endless", "a"], (key) => {
      opened.push(key)
      return Promise.resolve(key === "endless" ? endless() : null)
    }).getReader()
    for (let reads = 0; reads < 4; reads++) await reader.read()
    await reader.cancel()
    await wasCancelled
    expect(opened).toEqual(["endless"])
  })
})
