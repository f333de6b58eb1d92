import type { Settings } from "@tributary/shared/config/settings"
import type { Variant } from "./playlist.ts"

/**
 * The variants in the order in which they are to be tried: the wanted one first, then the next lower ones, then the
 * higher ones. Those whose sound is apart come after all that have it, and those without a picture last.
 */
export function rankVariants(variants: readonly Variant[], wanted: Settings["hlsVariant"]): Variant[] {
  const classes = [
    variants.filter(({ hasVideo, soundUrl }) => hasVideo && soundUrl === null),
    variants.filter(({ hasVideo, soundUrl }) => hasVideo && soundUrl !== null),
    variants.filter(({ hasVideo, soundUrl }) => !hasVideo && soundUrl === null),
  ]
  return classes.flatMap((each) =>
    ordered(
      each.toSorted((one, other) => other.bitsPerSecond - one.bitsPerSecond),
      wanted,
    ),
  )
}

/** Of variants from the highest to the lowest. */
function ordered(falling: Variant[], wanted: Settings["hlsVariant"]): Variant[] {
  if (wanted === "highest") return falling
  if (wanted === "lowest") return falling.toReversed()
  const fitting = falling.filter(({ bitsPerSecond }) => bitsPerSecond <= wanted)
  // Above the cap, the least of it.
  return [...fitting, ...falling.filter(({ bitsPerSecond }) => bitsPerSecond > wanted).reverse()]
}
