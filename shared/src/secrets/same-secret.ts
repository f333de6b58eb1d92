/**
 * Whether two secrets are the same. Their digests are compared whole, so that the time tells neither where
 * they differ nor how long they are.
 */
export async function isSameSecret(one: string, other: string): Promise<boolean> {
  const digests = [one, other].map((text) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)))
  const [a = new Uint8Array(), b = new Uint8Array()] = (await Promise.all(digests)).map(
    (digest) => new Uint8Array(digest),
  )
  let difference = 0
  for (const [at, byte] of a.entries()) difference |= byte ^ (b[at] ?? 0)
  return difference === 0
}
