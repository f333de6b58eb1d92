import claimReports from "@tributary/shared/account/claim-reports.lua"
import report from "@tributary/shared/account/report.lua"
import claimImport from "@tributary/shared/import/claim-import.lua"
import settleImport from "@tributary/shared/import/settle-import.lua"
import acquire from "@tributary/shared/lease/acquire.lua"
import beat from "@tributary/shared/lease/beat.lua"
import endSession from "@tributary/shared/lease/end-session.lua"
import failFeed from "@tributary/shared/lease/fail-feed.lua"
import failOver from "@tributary/shared/lease/fail-over.lua"
import hold from "@tributary/shared/lease/hold.lua"
import leave from "@tributary/shared/lease/leave.lua"
import listSessions from "@tributary/shared/lease/list-sessions.lua"
import candidates from "@tributary/shared/lease/parts/candidates.lua"
import clock from "@tributary/shared/lease/parts/clock.lua"
import ending from "@tributary/shared/lease/parts/ending.lua"
import profiles from "@tributary/shared/lease/parts/profiles.lua"
import streamers from "@tributary/shared/lease/parts/streamers.lua"
import takeOver from "@tributary/shared/lease/parts/take-over.lua"
import viewer from "@tributary/shared/lease/parts/viewer.lua"
import watchers from "@tributary/shared/lease/parts/watchers.lua"
import yielding from "@tributary/shared/lease/parts/yielding.lua"
import pool from "@tributary/shared/lease/pool.lua"
import release from "@tributary/shared/lease/release.lua"
import type { ScriptSources } from "@tributary/shared/lease/scripts"
import sweep from "@tributary/shared/lease/sweep.lua"
import restoreConfig from "@tributary/shared/store/restore-config.lua"
import saveEpg from "@tributary/shared/store/save-epg.lua"
import saveSettings from "@tributary/shared/store/save-settings.lua"
import saveViewer from "@tributary/shared/store/save-viewer.lua"

/** The Redis scripts, bundled as text by wrangler. */
export const scriptSources: ScriptSources = {
  ...{ clock, streamers, watchers, profiles, viewer, yielding, takeOver, candidates },
  ...{ ending, listSessions, endSession, saveViewer, saveSettings, saveEpg },
  ...{ acquire, failOver, hold, beat, leave, release, pool, failFeed, sweep },
  ...{ report, claimReports, claimImport, settleImport, restoreConfig },
}
