import { primaryProfileId } from "../config/config-file.ts"
import type { Keys } from "../secrets/keys.ts"
import type { ProfileChange } from "./change-profile.ts"
import { keys } from "./keys.ts"
import { changedLogins, type OpenSource, readSource, sealSource } from "./source-record.ts"

/** Where a source is read and written; each tier reads the script in its own way. */
export interface SourceStore {
  keys: Keys
  /** JSON `SourceRecord`; null: there is no such source. */
  read: (id: string) => Promise<string | null>
  /** Runs `save-source.lua`. */
  save: (keys: string[], args: string[]) => Promise<string>
}

export type SavedProfile =
  /** `importDue`: the source's list is read anew, because its own address or login changed. */
  | (Extract<ProfileChange, { ok: true }> & { importDue: boolean })
  | Extract<ProfileChange, { ok: false }>
  /** `busy`: others changed the source all the time, and nothing of this is saved. */
  | { ok: false; code: "unknown_source" | "busy" }

const mostAttempts = 10

/**
 * Changes a source's profiles, whatever else changes the source at the same time: `change` is asked again with
 * what is there then. When it refuses, or nothing is different, nothing is saved.
 */
export async function saveProfile(
  store: SourceStore,
  id: string,
  change: (source: OpenSource) => ProfileChange,
): Promise<SavedProfile> {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const text = await store.read(id)
    if (text === null) return { ok: false, code: "unknown_source" }
    const stored = await readSource(store.keys, text)
    const changed = change(stored)
    if (!changed.ok) return changed
    const { source } = changed
    const isSecretTheSame = isSame(source.secret, stored.secret)
    if (isSecretTheSame && isSame(source.record, stored.record)) return { ...changed, importDue: false }
    const record = isSecretTheSame ? source.record : await sealSource(store.keys, source)
    const logins = changedLogins(stored, source)
    const importDue = logins.includes(primaryProfileId)
    const reply = await store.save(
      [keys.configVersion, keys.sources, keys.reports(id), keys.profilesDue, keys.importsDue],
      [id, text, JSON.stringify(record), importDue ? id : "", ...logins.flatMap(whatFollows(source))],
    )
    if (reply === "ok") return { ...changed, importDue }
  }
  return { ok: false, code: "busy" }
}

const whatFollows = (source: OpenSource) => (id: string) => {
  const hasLogin = source.record.profiles.some((profile) => profile.id === id && profile.hasLogin)
  return [id, hasLogin ? "ask" : "forget"]
}

// Changes keep the order of keys.
const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)
