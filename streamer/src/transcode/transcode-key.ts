import { createHash } from "node:crypto"
import type { Recipe } from "@tributary/shared/transcode/transcode-profile"

const digestCharacters = 16

/** Of a live stream and the whole recipe: equal for equal recipes whatever the order of their fields, else different. */
export function transcodeKey(live: string, recipe: Recipe): string {
  const digest = createHash("sha256").update(canonical(recipe)).digest("hex").slice(0, digestCharacters)
  return `${live}.${digest}`
}

/** JSON with the fields of objects in order (as RFC 8785). */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`
  if (typeof value !== "object" || value === null) return JSON.stringify(value)
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  fields.sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(",")}}`
}
