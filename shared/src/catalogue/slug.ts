// Accents on Latin and Greek letters only: elsewhere a mark makes another letter, as in Cyrillic or Japanese.
const accents = /(?<=[\p{Script=Latin}\p{Script=Greek}]\p{M}*)\p{M}/gu

/** A group's name as a path segment: lower case, words joined by "-". Letters of any script stay. */
export function slug(name: string): string {
  const text = name
    .normalize("NFKD")
    .toLowerCase()
    .normalize("NFKD")
    .replace(accents, "")
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "")
    .normalize("NFC")
  return text === "" ? "group" : text
}
