import { sha256Hex } from "@tributary/shared/secrets/sha256"

/** The tags of one content: its two encodings differ in their bytes, so in their tags (RFC 9110 8.8.3.3). */
export interface Tags {
  identity: string
  gzip: string
}

/** Tags of a content that is the same as long as these values are. */
export async function tagsOf(dependsOn: unknown): Promise<Tags> {
  const hash = (await sha256Hex(JSON.stringify(dependsOn))).slice(0, 32)
  return { identity: `"${hash}"`, gzip: `"${hash}-gz"` }
}

/**
 * The tag that If-None-Match names (RFC 9110 13.1.2, weak comparison), null for none. A client that has the
 * other encoding has the same content: it may keep that, and is told by which tag it is known.
 */
export function matchedTag(header: string | undefined, own: string, other: string): string | null {
  if (header === undefined) return null
  if (header.trim() === "*") return own
  const tags = header.split(",").map((tag) => tag.trim().replace(/^W\//, ""))
  return [own, other].find((tag) => tags.includes(tag)) ?? null
}
