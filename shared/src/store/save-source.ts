import type { UnnamedSource } from "../config/source-config.ts"
import { newSource } from "./change-source.ts"
import { jobsDue } from "./jobs-due.ts"
import { keys } from "./keys.ts"
import { changedLogins, type OpenSource, readSource, sealSource } from "./source-record.ts"
import { mostAttempts, type NotSaved, type Refusal, type SourceStore } from "./source-store.ts"

/** `jobs`: what the importer has to do now, because of the change (`imports:due`). */
export type Saved<Change extends { ok: boolean }> =
  | (Extract<Change, { ok: true }> & { jobs: string[] })
  | Extract<Change, { ok: false }>
  | NotSaved

/**
 * Changes a source or its profiles, whatever else changes it at the same time: `change` is asked again with
 * what is there then. When it refuses, or nothing is different, nothing is saved.
 */
export async function saveSource<Change extends { ok: true; source: OpenSource } | Refusal>(
  store: SourceStore,
  id: string,
  change: (source: OpenSource) => Change,
): Promise<Saved<Change>> {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const text = await store.read(id)
    if (text === null) return { ok: false, code: "unknown_source" }
    const stored = await readSource(store.keys, text)
    const changed = change(stored)
    if (!changed.ok) return changed as Extract<Change, { ok: false }>
    const made = changed as Extract<Change, { ok: true }>
    const isSecretTheSame = isSame(made.source.secret, stored.secret)
    if (isSecretTheSame && isSame(made.source.record, stored.record)) return { ...made, jobs: [] }
    const record = isSecretTheSame ? made.source.record : await sealSource(store.keys, made.source)
    const jobs = jobsDue(stored, made.source)
    if (await write(store, { text, record, jobs, before: stored, after: made.source }))
      return { ...made, jobs }
  }
  return { ok: false, code: "busy" }
}

/** Adds a source; without an id it gets one that no other has. */
export async function addSource(
  store: SourceStore,
  config: UnnamedSource,
): Promise<Saved<ReturnType<typeof newSource>>> {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const stored = await store.readAll()
    const made = newSource(config, [...stored.values()].map(recordOf))
    if (!made.ok) return made
    const record = await sealSource(store.keys, made.source)
    const jobs = jobsDue(null, made.source)
    if (await write(store, { text: "", record, jobs, before: null, after: made.source }))
      return { ...made, jobs }
  }
  return { ok: false, code: "busy" }
}

const recordOf = (text: string) => JSON.parse(text) as { id: string; order: number }

interface Write {
  /** What must be stored; "": nothing. */
  text: string
  record: OpenSource["record"]
  jobs: readonly string[]
  before: OpenSource | null
  after: OpenSource
}

/** False when something else is stored by now. */
async function write(store: SourceStore, { text, record, jobs, before, after }: Write): Promise<boolean> {
  const { id } = record
  const hasLogin = (profile: string) =>
    after.record.profiles.some((one) => one.id === profile && one.hasLogin)
  const reply = await store.run(
    "saveSource",
    [keys.configVersion, keys.sources, keys.reports(id), keys.profilesDue, keys.importsDue],
    [
      ...[id, text, JSON.stringify(record), String(jobs.length), ...jobs],
      ...changedLogins(before, after).flatMap((profile) => [profile, hasLogin(profile) ? "ask" : "forget"]),
    ],
  )
  return reply === "ok"
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one, inOrder) === JSON.stringify(other, inOrder)
}

/** An object whatever the order of its keys. */
function inOrder(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
