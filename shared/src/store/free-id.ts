/**
 * An id that tells a name where it can, and that none of `taken` is. It never has the form of those that a file's
 * items get for their place (`profile-1`), so that one added there does not take this one's place.
 */
export function freeId(name: string, taken: readonly string[], otherwise: string): string {
  const words = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .match(/[a-z0-9]+/g)
  const base = (words?.join("_") ?? "").slice(0, 48).replace(/_$/, "") || otherwise
  for (let number = 1; ; number++) {
    const id = number === 1 && base !== otherwise ? base : `${base}_${number}`
    if (!taken.includes(id)) return id
  }
}
