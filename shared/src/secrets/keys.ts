/** The keys that both tiers derive from the one secret of an installation. */
export interface Keys {
  /** HS256 key of tickets and of calls between the tiers. */
  signing: Uint8Array
  /** A256GCM key that seals credentials at rest. */
  sealing: Uint8Array
  /** HMAC key of viewer password checks. */
  passwords: HmacKey
}

/** A Web Crypto key, by whichever name the platform's types give it. */
export type HmacKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>

/**
 * Derives the keys from the installation's secret by HKDF (RFC 5869), one purpose each, so that no key is
 * used for two things and one secret is all that a deployment has to hold. Throws when it is too short.
 */
export async function deriveKeys(secret: string): Promise<Keys> {
  if (secret.length < 32) throw new Error("TRIBUTARY_SECRET must have at least 32 characters")
  const encoder = new TextEncoder()
  const base = await crypto.subtle.importKey("raw", encoder.encode(secret), "HKDF", false, ["deriveBits"])
  const derive = async (purpose: string) =>
    new Uint8Array(
      await crypto.subtle.deriveBits(
        { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info: encoder.encode(purpose) },
        base,
        256,
      ),
    )
  const passwordKey = await derive("tributary viewer passwords")
  return {
    signing: await derive("tributary tickets"),
    sealing: await derive("tributary credentials at rest"),
    passwords: await crypto.subtle.importKey("raw", passwordKey, { name: "HMAC", hash: "SHA-256" }, false, [
      "sign",
    ]),
  }
}
