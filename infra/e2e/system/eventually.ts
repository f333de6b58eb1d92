import { setTimeout as delay } from "node:timers/promises"

/** Asks again and again until the answer is true; throws with the last answer's description at a deadline. */
export async function eventually<T>(
  ask: () => Promise<T> | T,
  holds: (value: T) => boolean,
  timeoutMs: number,
): Promise<T> {
  const deadline = performance.now() + timeoutMs
  while (true) {
    const value = await ask()
    if (holds(value)) return value
    if (performance.now() > deadline)
      throw new Error(`did not hold within ${timeoutMs} ms; last: ${JSON.stringify(value)}`)
    await delay(25)
  }
}
