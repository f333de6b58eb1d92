import type { ScriptName } from "./scripts.ts"

/** Each script's file, relative to this folder, for tiers that read them from disk. */
export const scriptFiles: Record<ScriptName, string> = {
  admit: "admit.lua",
  beat: "beat.lua",
  leave: "leave.lua",
  release: "release.lua",
  claimImport: "../import/claim-import.lua",
  settleImport: "../import/settle-import.lua",
}
