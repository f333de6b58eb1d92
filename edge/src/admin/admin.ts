import { errorResponse } from "@tributary/shared/http/errors"
import { Hono } from "hono"
import { bodyLimit } from "hono/body-limit"
import type { Bindings } from "../bindings.ts"
import { getChannel, listChannels, patchChannel, patchChannels } from "./channels.ts"
import { listGuides } from "./epg.ts"
import { listImports } from "./imports.ts"
import { getPool } from "./pool.ts"
import { checkDraft, checkProfile } from "./profile-check.ts"
import { deleteProfile, getProfile, listProfiles, patchProfile, postProfile } from "./profiles.ts"
import { importGuides, importSource, publishNow } from "./queue-import.ts"
import { requireAdmin } from "./require-admin.ts"
import { getSource, listSources } from "./sources.ts"
import {
  deleteTranscodeProfile,
  getTranscodeProfile,
  listTranscodeProfiles,
  patchTranscodeProfile,
  postTranscodeProfile,
} from "./transcode-profiles.ts"

const maxBodyBytes = 1024 * 1024

/** The admin API, below `/api`. */
export const admin = new Hono<{ Bindings: Bindings }>()

admin.use(async (context, next) => {
  await next()
  context.header("cache-control", "no-store")
})
admin.use(requireAdmin)
admin.use(
  bodyLimit({
    maxSize: maxBodyBytes,
    onError: () => errorResponse("bad_request", `The body has more than ${maxBodyBytes} bytes.`),
  }),
)

admin.get("/imports", listImports)
admin.post("/imports/publish", publishNow)
admin.get("/sources", listSources)
admin.post("/sources/test", checkDraft)
admin.get("/sources/:id", getSource)
admin.post("/sources/:id/import", importSource)
admin.get("/sources/:id/pool", getPool)
admin.get("/sources/:id/profiles", listProfiles)
admin.post("/sources/:id/profiles", postProfile)
admin.get("/sources/:id/profiles/:profile", getProfile)
admin.patch("/sources/:id/profiles/:profile", patchProfile)
admin.delete("/sources/:id/profiles/:profile", deleteProfile)
admin.post("/sources/:id/profiles/:profile/test", checkProfile)
admin.get("/transcode-profiles", listTranscodeProfiles)
admin.post("/transcode-profiles", postTranscodeProfile)
admin.get("/transcode-profiles/:id", getTranscodeProfile)
admin.patch("/transcode-profiles/:id", patchTranscodeProfile)
admin.delete("/transcode-profiles/:id", deleteTranscodeProfile)
admin.get("/epg", listGuides)
admin.post("/epg/import", importGuides)
admin.get("/channels", listChannels)
admin.patch("/channels", patchChannels)
admin.get("/channels/:id", getChannel)
admin.patch("/channels/:id", patchChannel)
admin.all("/*", () => errorResponse("not_found", "The admin API has nothing here."))
