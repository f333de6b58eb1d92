import type { Frame } from "./frame.ts"

/** `moving`: what it took already must drain. `moved`: it takes the newest opening now. */
export type SubscriberState = "waiting" | "playing" | "moving" | "moved" | "ended"

/** Who takes a live stream's packets. None of these calls blocks or throws: the producer waits for nobody. */
export interface Subscriber {
  readonly state: SubscriberState
  /** What it has not taken yet of what it was given. */
  readonly backlogBytes: number
  readonly bytesSent: number
  /** How often it was moved. */
  readonly moves: number
  /** Its first bytes, or the first ones after a move: from here on it is given every frame. */
  start(opening: readonly Frame[]): void
  write(frame: Frame): void
  /** It is too slow: forgets what it has not begun to take, and goes on with the newest opening. */
  move(): void
  /** The stream is over: what it was given still goes out. */
  close(): void
}
