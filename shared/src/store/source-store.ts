import type { Keys } from "../secrets/keys.ts"

export type SourceScript = "saveSource" | "removeSource" | "orderSources"

/** Where sources are read and written; each tier reads the scripts in its own way. */
export interface SourceStore {
  keys: Keys
  /** JSON `SourceRecord`; null: there is no such source. */
  read: (id: string) => Promise<string | null>
  /** JSON `SourceRecord` of every source, by its id. */
  readAll: () => Promise<ReadonlyMap<string, string>>
  /** Runs `save-source.lua`, `remove-source.lua` or `order-sources.lua`. */
  run: (script: SourceScript, keys: string[], args: string[]) => Promise<string>
}

/** A change that was asked for cannot be made as things are. */
export interface Refusal {
  ok: false
  code: "bad_request" | "conflict" | "unknown_profile"
  /** Begins with the path of the field where there is one. */
  message: string
}

/** `busy`: others changed it all the time, and nothing of this is saved. */
export interface NotSaved {
  ok: false
  code: "unknown_source" | "busy"
}

/** How often a change is made anew for what others have changed meanwhile. */
export const mostAttempts = 20
