import type { ImportRow } from "@tributary/shared/admin-api/imports"

type Phase = ImportRow["phase"]

const running: readonly Phase[] = ["fetching", "grouping", "rendering", "uploading", "publishing"]

const words: Record<Phase, string> = {
  waiting: "Waiting",
  fetching: "Reading",
  grouping: "Grouping",
  rendering: "Writing playlists",
  uploading: "Uploading",
  publishing: "Publishing",
  done: "Done",
  failed: "Failed",
}

/** What a job does now, in a word or two. */
export function phaseWords({ phase, running: isRunning, dueAt }: ImportRow): string {
  if (!isRunning && phase !== "done" && phase !== "failed")
    return dueAt === 0 ? "Waits for a streamer" : "Waiting"
  return words[phase]
}

/** How far it is, of 100; null: nobody knows, as a list does not say how long it is. */
export function progressOf({ phase, running: isRunning, entries, keptEntries }: ImportRow): number | null {
  if (!isRunning) return phase === "done" ? 100 : null
  if (phase === "fetching")
    return keptEntries > 0 ? Math.min(80, Math.round((80 * entries) / keptEntries)) : null
  const step = running.indexOf(phase)
  return step < 0 ? null : 80 + step * 4
}
