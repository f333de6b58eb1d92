import type { SeededRandom } from "../../../e2e/player/test-support/seeded-random.ts"

/** What a viewer of a soak does. `strict` ones check every packet; they and `steady` ones never leave by themselves. */
export type Habit = "strict" | "steady" | "zapping" | "slow" | "probing"

const strictViewers = 5

/** Five strict ones, and of the others six in ten steady, two zapping, one slow, one probing. */
export function habitOf(viewer: number): Habit {
  if (viewer < strictViewers) return "strict"
  const place = viewer % 10
  if (place < 6) return "steady"
  if (place < 8) return "zapping"
  return place === 8 ? "slow" : "probing"
}

/** How long one stays on a channel; null: until it ends. */
export function stayMilliseconds(habit: Habit, random: SeededRandom): number | null {
  switch (habit) {
    case "strict":
    case "steady":
      return null
    case "zapping":
      return random.between(2_000, 90_000)
    case "slow":
      return random.between(30_000, 600_000)
    case "probing":
      // Often before the answer has come.
      return random.between(0, 3_000)
  }
}

/** How long one is away before the next channel. */
export function awayMilliseconds(habit: Habit, random: SeededRandom): number {
  return habit === "probing" ? random.between(500, 20_000) : random.between(200, 5_000)
}
