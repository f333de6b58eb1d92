/** Every Lua source, relative to this folder, for tiers that read them from disk. */
export const partFiles = {
  clock: "parts/clock.lua",
  streamers: "parts/streamers.lua",
  watchers: "parts/watchers.lua",
  profiles: "parts/profiles.lua",
  viewer: "parts/viewer.lua",
  yielding: "parts/yielding.lua",
  takeOver: "parts/take-over.lua",
  candidates: "parts/candidates.lua",
  acquire: "acquire.lua",
  failOver: "fail-over.lua",
  hold: "hold.lua",
  beat: "beat.lua",
  leave: "leave.lua",
  release: "release.lua",
  pool: "pool.lua",
  report: "../account/report.lua",
  claimReports: "../account/claim-reports.lua",
  failFeed: "fail-feed.lua",
  sweep: "sweep.lua",
  claimImport: "../import/claim-import.lua",
  settleImport: "../import/settle-import.lua",
  restoreConfig: "../store/restore-config.lua",
} as const

export type PartName = keyof typeof partFiles

/** What each script is put together from: functions first, the verb itself last. */
export const scriptParts = {
  acquire: [
    ...["clock", "streamers", "watchers", "profiles", "viewer", "yielding", "takeOver"],
    ...["candidates", "acquire"],
  ],
  failOver: ["clock", "streamers", "watchers", "profiles", "yielding", "candidates", "failOver"],
  hold: ["clock", "watchers", "hold"],
  beat: ["clock", "watchers", "profiles", "beat"],
  leave: ["clock", "watchers", "leave"],
  release: ["clock", "release"],
  pool: ["clock", "profiles", "pool"],
  report: ["clock", "report"],
  claimReports: ["clock", "claimReports"],
  failFeed: ["clock", "failFeed"],
  sweep: ["clock", "profiles", "sweep"],
  claimImport: ["claimImport"],
  settleImport: ["settleImport"],
  restoreConfig: ["restoreConfig"],
} as const satisfies Record<string, readonly PartName[]>

export type ScriptName = keyof typeof scriptParts
