const smallest = 100_000_000
const span = 2 ** 31 - smallest

/** FNV-1a over UTF-8, 32 bit, with a final avalanche: spread evenly, the same on every machine. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code >= 0x80) return avalanche(hashBytes(hash, new TextEncoder().encode(text.slice(at))))
    hash = Math.imul(hash ^ code, 0x01000193)
  }
  return avalanche(hash)
}

function hashBytes(start: number, bytes: Uint8Array): number {
  let hash = start
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash
}

function avalanche(from: number): number {
  let hash = from
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** The id of a group key with this hash, unless another key has it already. */
export function channelIdOf(hash: number): string {
  return String(smallest + (hash % span))
}

/**
 * Gives each group key its channel id: nine or ten digits, because Xtream clients keep ids as signed 32-bit
 * numbers. The id is a hash of the key, so it is the same across imports and machines. `known` are ids
 * given earlier: they are kept. Two keys with one hash are told apart by probing on in the keys' order.
 */
export function assignChannelIds(
  keys: readonly string[],
  known: ReadonlyMap<string, string> = new Map(),
): Map<string, string> {
  const ids = new Map<string, string>()
  const taken = new Set<string>(known.values())
  for (const key of keys) {
    const id = known.get(key)
    if (id !== undefined) ids.set(key, id)
  }
  const fresh = new Set(keys.filter((key) => !ids.has(key)))
  for (const key of [...fresh].sort((a, b) => (a < b ? -1 : 1))) {
    let probe = hash32(key) % span
    while (taken.has(String(smallest + probe))) probe = (probe + 1) % span
    const id = String(smallest + probe)
    taken.add(id)
    ids.set(key, id)
  }
  return ids
}
