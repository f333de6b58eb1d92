import { beforeAll, describe, expect, it, vi } from "vitest"
import { radioRecipe, renderLoop, smallRecipe } from "../../../infra/local/demo-provider/loop-for-tests.ts"
import { packetBytes } from "../mpegts/packet.ts"
import { Splicer } from "../mpegts/splicer.ts"
import { InputWatch } from "./input-watch.ts"

vi.setConfig({ hookTimeout: 60_000 })

let small: Buffer
let larger: Buffer
let radio: Buffer
beforeAll(async () => {
  const loops = [smallRecipe, { ...smallRecipe, width: 320, height: 180 }, radioRecipe].map(renderLoop)
  const [one, two, three] = (await Promise.all(loops)).map(({ bytes }) => Buffer.from(bytes))
  if (one === undefined || two === undefined || three === undefined) throw new Error("not rendered")
  small = one
  larger = two
  radio = three
})

/** How many of these feeds, one after the other as a live stream gives them, the ffmpeg of the first can take. */
function taken(watch: InputWatch, feeds: readonly Buffer[]): number {
  const splicer = new Splicer()
  for (const [index, feed] of feeds.entries()) {
    if (index > 0) splicer.seam("feed")
    for (let at = 0; at < feed.length; at += 40 * packetBytes) {
      const packets = Buffer.from(feed.subarray(at, at + 40 * packetBytes))
      if (watch.push(splicer.push(packets, index * 20_000 + at / packetBytes))) return index
    }
  }
  return feeds.length
}

describe("what an ffmpeg is given", () => {
  it("may come from one feed after the other while they are of one kind", () => {
    expect(taken(new InputWatch("expected"), [small, small, small])).toBe(3)
  })

  it("asks for another ffmpeg when the picture's size differs", () => {
    expect(taken(new InputWatch("expected"), [small, small, larger])).toBe(2)
  })

  it("asks for another when a sound has come that it was told to do without", () => {
    expect(taken(new InputWatch("absent"), [small])).toBe(0)
    expect(taken(new InputWatch("absent"), [radio])).toBe(0)
  })

  it("is no silence when there is no picture", () => {
    const watch = new InputWatch("expected")
    watch.push(Buffer.from(radio.subarray(0, 20 * packetBytes)))
    expect(watch.isSilent).toBe(false)
  })
})
