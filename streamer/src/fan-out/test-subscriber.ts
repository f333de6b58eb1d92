import type { Frame } from "./frame.ts"
import type { Subscriber, SubscriberState } from "./subscriber.ts"

/** A subscriber without a connection: takes everything at once, or nothing while it `isStuck`. */
export class TestSubscriber implements Subscriber {
  state: SubscriberState = "waiting"
  frames: Frame[] = []
  backlogBytes = 0
  bytesSent = 0
  moves = 0
  isStuck = false

  start(opening: readonly Frame[]): void {
    this.state = "playing"
    for (const frame of opening) this.write(frame)
  }

  write(frame: Frame): void {
    if (this.isStuck) this.backlogBytes += frame.bytes
    else {
      this.frames.push(frame)
      this.bytesSent += frame.bytes
    }
  }

  move(): void {
    this.moves++
    this.backlogBytes = 0
    this.state = "moved"
  }

  close(): void {
    this.state = "ended"
  }

  get bytes(): Buffer {
    return Buffer.concat(this.frames.map(({ plain }) => plain))
  }
}
