import { execFile } from "node:child_process"
import { setImmediate } from "node:timers/promises"
import { FanOut } from "../fan-out/fan-out.ts"
import type { Subscriber } from "../fan-out/subscriber.ts"
import { WritePace } from "../fan-out/write-pace.ts"
import { packetBytes } from "../mpegts/packet.ts"
import type { TranscodeFeed } from "./transcode.ts"

const size = { width: 80, height: 45 }
const chunkBytes = 100 * packetBytes

/** A live stream that a test gives packets to. */
export class TestFeed implements TranscodeFeed {
  readonly key = "channel"
  readonly channel = "channel"
  readonly fanOut = new FanOut(16 * 1024 * 1024, { pace: new WritePace(() => 0) })
  readonly closed = new Promise<never>(() => undefined)
  readonly isOpen = true

  report() {
    return { format: null }
  }

  subscribe(subscriber: Subscriber): boolean {
    this.fanOut.add(subscriber)
    return true
  }

  unsubscribe(subscriber: Subscriber): void {
    this.fanOut.remove(subscriber)
  }

  /** As fast as others have their turn. */
  async give(packets: Buffer): Promise<void> {
    for (let at = 0; at < packets.length; at += chunkBytes) {
      this.fanOut.push(Buffer.from(packets.subarray(at, at + chunkBytes)))
      await setImmediate()
    }
  }
}

/** All pictures of a stream, small and grey. */
export async function picturesOf(stream: Buffer): Promise<Buffer[]> {
  const grey = `scale=${size.width}:${size.height}:flags=area,format=gray`
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const child = execFile(
    "ffmpeg",
    [
      "-v",
      "error",
      "-f",
      "mpegts",
      "-i",
      "pipe:0",
      "-an",
      "-vf",
      grey,
      "-fps_mode",
      "passthrough",
      "-f",
      "rawvideo",
      "pipe:1",
    ],
    { encoding: "buffer", maxBuffer: 64 * 1024 * 1024 },
    (error, stdout) => (error === null ? resolve(stdout) : reject(error)),
  )
  child.stdin?.end(stream)
  const all = await promise
  const bytes = size.width * size.height
  return Array.from({ length: all.length / bytes }, (_, n) => all.subarray(n * bytes, (n + 1) * bytes))
}

/** Which of the pictures this one is most like. */
export function mostLike(picture: Buffer | undefined, pictures: readonly Buffer[]): number {
  const distance = (other: Buffer) =>
    other.reduce((sum, value, at) => sum + Math.abs(value - (picture?.[at] ?? 0)), 0)
  const distances = pictures.map(distance)
  return distances.indexOf(Math.min(...distances))
}
