import type { Frame } from "../fan-out/frame.ts"
import type { Subscriber, SubscriberState } from "../fan-out/subscriber.ts"
import { JoinPointFinder } from "../mpegts/join-points.ts"
import { readTimes } from "../mpegts/pes-times.ts"
import type { PacketSource } from "../pool/live-stream.ts"

/** When the first keyframe of what a joiner is given is presented, in 90 kHz; null when there is none, or it does not tell. */
export function firstPicture(opening: readonly Buffer[]): number | null {
  const finder = new JoinPointFinder()
  let seen: Buffer = Buffer.alloc(0)
  for (const packets of opening) {
    const [point] = finder.push(packets)
    const from = seen.length
    seen = Buffer.concat([seen, packets])
    if (point !== undefined) return readTimes(seen, from + point.offset)?.pts90kHz ?? null
  }
  return null
}

/** The first picture of whoever subscribes at this moment. */
export function firstPictureOf(live: PacketSource): number | null {
  const look = new OpeningLook()
  live.subscribe(look)
  live.unsubscribe(look)
  return look.pts90kHz
}

/** Sees what a joiner is given, and keeps nothing of it. */
class OpeningLook implements Subscriber {
  state: SubscriberState = "waiting"
  readonly backlogBytes = 0
  readonly bytesSent = 0
  readonly moves = 0
  pts90kHz: number | null = null

  start(opening: readonly Frame[]): void {
    this.state = "playing"
    this.pts90kHz = firstPicture(opening.map(({ plain }) => plain))
  }

  write(): void {}

  move(): void {}

  close(): void {
    this.state = "ended"
  }
}
