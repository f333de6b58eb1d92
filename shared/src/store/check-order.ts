import type { Refusal } from "./source-store.ts"

/** Why these ids are not all the `known` ones, each once, in some order; null: they are. */
export function checkOrder(ids: readonly string[], known: readonly string[], what: string): Refusal | null {
  for (const [index, id] of ids.entries()) {
    if (!known.includes(id))
      return { ok: false, code: "bad_request", message: `ids[${index}]: there is no ${what} "${id}"` }
    if (ids.indexOf(id) < index)
      return { ok: false, code: "bad_request", message: `ids[${index}]: "${id}" is a duplicate` }
  }
  const missing = known.find((id) => !ids.includes(id))
  // It may have been added a moment ago, by somebody else.
  if (missing !== undefined) return { ok: false, code: "conflict", message: `ids: "${missing}" is missing` }
  return null
}
