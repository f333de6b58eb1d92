/** What the built document has in the place of a nonce; each answer puts its own there. */
export const noncePlaceholder = "TRIBUTARY-NONCE"
