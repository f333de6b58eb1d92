/** A group's name as a path segment: lower case, words joined by "-". Letters of any script stay. */
export function slug(name: string): string {
  const text = name
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "")
    .normalize("NFC")
  return text === "" ? "group" : text
}
