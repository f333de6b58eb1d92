import claimImport from "@tributary/shared/import/claim-import.lua"
import settleImport from "@tributary/shared/import/settle-import.lua"
import admit from "@tributary/shared/lease/admit.lua"
import beat from "@tributary/shared/lease/beat.lua"
import leave from "@tributary/shared/lease/leave.lua"
import release from "@tributary/shared/lease/release.lua"
import type { ScriptSources } from "@tributary/shared/lease/scripts"

/** The Redis scripts, bundled as text by wrangler. */
export const scriptSources: ScriptSources = { admit, beat, leave, release, claimImport, settleImport }
