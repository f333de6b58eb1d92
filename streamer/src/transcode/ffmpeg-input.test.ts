import { Writable } from "node:stream"
import { expect, it } from "vitest"
import { Frame } from "../fan-out/frame.ts"
import { keyframe, more, tables } from "../fan-out/test-stream.ts"
import { FfmpegInput } from "./ffmpeg-input.ts"

/** A pipe that takes what it is handed when `take` is called. */
function pipe() {
  const waiting: (() => void)[] = []
  let bytes = 0
  const writable = new Writable({
    write(chunk: Buffer, _encoding, done) {
      waiting.push(() => {
        bytes += chunk.length
        done()
      })
    },
  })
  return {
    writable,
    bytes: () => bytes,
    /** Resolves when what follows from it has been done. */
    async take() {
      waiting.shift()?.()
      await new Promise((resolve) => setImmediate(resolve))
    },
    get isBusy() {
      return waiting.length > 0
    },
  }
}
const frame = (mark: number, packets = 400) => new Frame([more(mark, packets)])
const opening = [new Frame([tables, keyframe])]

it("tells all that ffmpeg has not taken yet", async () => {
  const { writable, take, bytes } = pipe()
  const input = new FfmpegInput(writable, () => undefined)
  const [one, two] = [frame(1), frame(2)]
  input.start(opening)
  input.write(one)
  input.write(two)
  const all = [...opening, one, two].reduce((sum, each) => sum + each.bytes, 0)
  expect(input.backlogBytes).toBe(all)
  while (input.backlogBytes > 0) await take()
  expect([bytes(), input.bytesSent]).toEqual([all, all])
})

it("forgets what it has not begun to give when it is moved, and goes on with the next opening", async () => {
  const stalled = pipe()
  const input = new FfmpegInput(stalled.writable, () => undefined)
  input.start(opening)
  const handed = input.backlogBytes
  for (let mark = 1; mark <= 5; mark++) input.write(frame(mark))
  input.move()
  expect([input.state, input.moves, input.backlogBytes]).toEqual(["moving", 1, handed])
  input.start(opening)
  expect(input.backlogBytes).toBe(handed)
  while (stalled.isBusy) await stalled.take()
  expect(input.state).toBe("moved")
  input.start(opening)
  expect([input.state, input.backlogBytes]).toEqual(["playing", handed])
})

it("takes nothing any more when the pipe is gone, and says so", async () => {
  const { writable } = pipe()
  const input = new FfmpegInput(writable, () => undefined)
  input.start(opening)
  writable.destroy()
  await new Promise((resolve) => setImmediate(resolve))
  input.write(frame(1))
  expect([input.state, input.backlogBytes]).toEqual(["ended", 0])
})
