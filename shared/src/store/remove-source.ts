import { guideJob, keys, publishJob } from "./keys.ts"
import type { SourceRecord } from "./records.ts"
import { mostAttempts, type NotSaved, type SourceStore } from "./source-store.ts"

/**
 * Removes a source with its profiles, its jobs and what was said of its accounts; a snapshot without it is due. One
 * that a configuration names is back at the next start.
 */
export async function removeSource(store: SourceStore, id: string): Promise<{ ok: true } | NotSaved> {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const text = await store.read(id)
    if (text === null) return { ok: false, code: "unknown_source" }
    const { profiles } = JSON.parse(text) as SourceRecord
    const { configVersion, sources, reports, profilesDue, importsDue, importsStatus, importsAccept } = keys
    const reply = await store.run(
      "removeSource",
      [configVersion, sources, reports(id), profilesDue, importsDue, importsStatus, importsAccept],
      [id, text, guideJob(id), publishJob, ...profiles.map((profile) => profile.id)],
    )
    if (reply === "ok") return { ok: true }
  }
  return { ok: false, code: "busy" }
}
