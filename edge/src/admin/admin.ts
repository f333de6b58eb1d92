import { errorResponse } from "@tributary/shared/http/errors"
import { Hono } from "hono"
import { bodyLimit } from "hono/body-limit"
import { audit } from "./audit/audit-routes.ts"
import { noteChanges } from "./audit/note-changes.ts"
import { channels } from "./channels/channels-routes.ts"
import { epg } from "./epg/epg-routes.ts"
import { imports } from "./imports/imports-routes.ts"
import { importGuides, importSource } from "./imports/queue-import.ts"
import { logs } from "./logs/logs-routes.ts"
import { openapi } from "./openapi/openapi-routes.ts"
import { overview } from "./overview/overview-routes.ts"
import { type AdminEnvironment, requireAdmin } from "./session/require-admin.ts"
import { session } from "./session/session-routes.ts"
import { settings } from "./settings/settings-routes.ts"
import { sources } from "./sources/sources-routes.ts"
import { streamers } from "./streamers/streamers-routes.ts"
import { streams } from "./streams/streams-routes.ts"
import { transcodeProfiles } from "./transcode-profiles/transcode-profiles-routes.ts"
import { viewers } from "./viewers/viewers-routes.ts"

const maxBodyBytes = 1024 * 1024

/** The admin API, below `/api`. */
export const admin = new Hono<AdminEnvironment>()

admin.use(async (context, next) => {
  await next()
  context.header("cache-control", "no-store")
})
admin.use(
  bodyLimit({
    maxSize: maxBodyBytes,
    onError: () => errorResponse("too_large", `The body has more than ${maxBodyBytes} bytes.`),
  }),
)
admin.route("/session", session)
admin.route("/openapi.json", openapi)
admin.use(requireAdmin)
admin.use(noteChanges)

admin.route("/audit", audit)
admin.route("/channels", channels)
admin.route("/imports", imports)
admin.post("/sources/:id/import", importSource)
admin.route("/sources", sources)
admin.route("/logs", logs)
admin.route("/overview", overview)
admin.route("/streamers", streamers)
admin.route("/streams", streams)
admin.route("/transcode-profiles", transcodeProfiles)
admin.post("/epg/import", importGuides)
admin.route("/epg", epg)
admin.route("/settings", settings)
admin.route("/viewers", viewers)
admin.all("/*", () => errorResponse("not_found", "The admin API has nothing here."))
