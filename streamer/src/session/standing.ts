/** What the store says of a lease or session; "unknown" when it does not answer. */
export type Standing = "held" | "lost" | "unknown"
