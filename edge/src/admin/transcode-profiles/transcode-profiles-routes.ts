import { Hono } from "hono"
import type { AdminEnvironment } from "../session/require-admin.ts"
import { testTranscodeProfile } from "./test-transcode-profile.ts"
import {
  deleteTranscodeProfile,
  getTranscodeProfile,
  listTranscodeProfiles,
  patchTranscodeProfile,
  postTranscodeProfile,
} from "./transcode-profiles.ts"

/** `/api/transcode-profiles` */
export const transcodeProfiles = new Hono<AdminEnvironment>()

transcodeProfiles.get("/", listTranscodeProfiles)
transcodeProfiles.post("/", postTranscodeProfile)
transcodeProfiles.post("/test", testTranscodeProfile)
transcodeProfiles.get("/:id", getTranscodeProfile)
transcodeProfiles.patch("/:id", patchTranscodeProfile)
transcodeProfiles.delete("/:id", deleteTranscodeProfile)
