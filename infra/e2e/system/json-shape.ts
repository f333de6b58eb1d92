/**
 * Where one JSON value is not of another's shape: members that it lacks, and values of other types, each as a line. The
 * first element stands for all of a list, and null for anything that is not known.
 */
export function shapeDifferences(wanted: unknown, found: unknown, path = ""): string[] {
  if (found === null || wanted === null) return []
  const [type, own] = [typeOf(wanted), typeOf(found)]
  if (type !== own) return [`${path}: ${own} in place of ${type}`]
  if (Array.isArray(wanted) && Array.isArray(found))
    return wanted.length === 0 || found.length === 0 ? [] : shapeDifferences(wanted[0], found[0], `${path}[]`)
  if (type !== "object") return []
  const members = found as Record<string, unknown>
  return Object.entries(wanted as object).flatMap(([name, value]) =>
    name in members
      ? shapeDifferences(value, members[name], `${path}.${name}`)
      : [`${path}.${name}: missing`],
  )
}

const typeOf = (value: unknown) => (Array.isArray(value) ? "array" : typeof value)
