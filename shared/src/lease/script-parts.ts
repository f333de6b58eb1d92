/** Every Lua source, relative to this folder, for tiers that read them from disk. */
export const partFiles = {
  clock: "parts/clock.lua",
  streamers: "parts/streamers.lua",
  watchers: "parts/watchers.lua",
  profiles: "parts/profiles.lua",
  viewer: "parts/viewer.lua",
  yielding: "parts/yielding.lua",
  ending: "parts/ending.lua",
  takeOver: "parts/take-over.lua",
  candidates: "parts/candidates.lua",
  acquire: "acquire.lua",
  failOver: "fail-over.lua",
  hold: "hold.lua",
  beat: "beat.lua",
  leave: "leave.lua",
  listSessions: "list-sessions.lua",
  endSession: "end-session.lua",
  release: "release.lua",
  pool: "pool.lua",
  report: "../account/report.lua",
  claimReports: "../account/claim-reports.lua",
  failFeed: "fail-feed.lua",
  sweep: "sweep.lua",
  claimImport: "../import/claim-import.lua",
  settleImport: "../import/settle-import.lua",
  restoreConfig: "../store/restore-config.lua",
  saveViewer: "../store/save-viewer.lua",
  saveSettings: "../store/save-settings.lua",
  saveEpg: "../store/save-epg.lua",
} as const

export type PartName = keyof typeof partFiles

/** What each script is put together from: functions first, the verb itself last. */
export const scriptParts = {
  acquire: [
    ...["clock", "streamers", "watchers", "profiles", "viewer", "ending", "yielding", "takeOver"],
    ...["candidates", "acquire"],
  ],
  failOver: ["clock", "streamers", "watchers", "profiles", "yielding", "candidates", "failOver"],
  hold: ["clock", "watchers", "hold"],
  beat: ["clock", "watchers", "profiles", "beat"],
  leave: ["clock", "watchers", "leave"],
  listSessions: ["clock", "listSessions"],
  endSession: ["clock", "watchers", "ending", "endSession"],
  release: ["clock", "release"],
  pool: ["clock", "profiles", "pool"],
  report: ["clock", "report"],
  claimReports: ["clock", "claimReports"],
  failFeed: ["clock", "failFeed"],
  sweep: ["clock", "profiles", "sweep"],
  claimImport: ["claimImport"],
  settleImport: ["settleImport"],
  restoreConfig: ["restoreConfig"],
  saveSettings: ["clock", "saveSettings"],
  saveEpg: ["saveEpg"],
  saveViewer: ["clock", "watchers", "ending", "saveViewer"],
} as const satisfies Record<string, readonly PartName[]>

export type ScriptName = keyof typeof scriptParts
