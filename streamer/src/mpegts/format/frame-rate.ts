import { ticksBetween, ticksPerSecond } from "../clock.ts"

// Enough for 24000/1001 to differ from 24, and half a second of most video.
const wantedSteps = 12
// Those of broadcasts, and of films.
const usualRates = [24000 / 1001, 24, 25, 30000 / 1001, 30, 48, 50, 60000 / 1001, 60]

/**
 * Measures frames per second by the decoding times of pictures: what the sequence header of a codec tells
 * of it is optional, and often wrong.
 */
export class FrameRate {
  #last: number | null = null
  readonly #steps: number[] = []

  get isKnown(): boolean {
    return this.#steps.length >= wantedSteps
  }

  push(dts90kHz: number): void {
    const step = this.#last === null ? 0 : ticksBetween(this.#last, dts90kHz)
    this.#last = dts90kHz
    if (step > 0 && step <= ticksPerSecond && !this.isKnown) this.#steps.push(step)
  }

  /** Null until enough pictures have come. */
  get framesPerSecond(): number | null {
    if (!this.isKnown) return null
    const median = this.#steps.toSorted((one, other) => one - other)[wantedSteps >> 1] ?? 1
    // Lost pictures make longer steps; 24000/1001 makes steps that differ by one tick.
    const regular = this.#steps.filter((step) => Math.abs(step - median) <= 2)
    const measured = (ticksPerSecond * regular.length) / regular.reduce((sum, step) => sum + step, 0)
    const usual = usualRates.find((rate) => Math.abs(rate - measured) / rate < 0.0004)
    return Math.round((usual ?? measured) * 1000) / 1000
  }
}
