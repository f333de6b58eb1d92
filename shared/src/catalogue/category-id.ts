import { hash32 } from "./channel-id.ts"

/** The Xtream category id of a group: a number in decimal digits, the same in every snapshot. */
export function categoryId(group: string): string {
  return String((hash32(`category:${group}`) % 999_999_999) + 1)
}
