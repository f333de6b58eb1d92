import type { Findings } from "./findings.ts"
import type { Need } from "./needs.ts"
import type { Scene } from "./scene.ts"

/** A player that others wrote, and how it shows that it can play what we serve. */
export interface Proof {
  /** What chooses it on the command line. */
  name: string
  needs: readonly Need[]
  /**
   * Takes down what the player sees, and ends what it started; rejects when the player does not get that far.
   * Begins with the provider's connection free.
   */
  show: (scene: Scene, findings: Findings) => Promise<void>
}
