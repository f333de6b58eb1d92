import { Hono } from "hono"
import type { Bindings } from "../../bindings.ts"
import { getPool } from "./pool.ts"
import {
  deleteProfile,
  getProfile,
  listProfiles,
  patchProfile,
  postProfile,
  putProfileOrder,
} from "./profiles.ts"
import { checkDraft, checkProfile, checkSource } from "./source-check.ts"
import { deleteSource, getSource, listSources, patchSource, postSource, putSourceOrder } from "./sources.ts"

/** Sources and their profiles, below `/api/sources`. */
export const sources = new Hono<{ Bindings: Bindings }>()

sources.get("/", listSources)
sources.post("/", postSource)
sources.put("/order", putSourceOrder)
sources.post("/test", checkDraft)
sources.get("/:id", getSource)
sources.patch("/:id", patchSource)
sources.delete("/:id", deleteSource)
sources.post("/:id/test", checkSource)
sources.get("/:id/pool", getPool)
sources.get("/:id/profiles", listProfiles)
sources.post("/:id/profiles", postProfile)
sources.put("/:id/profiles/order", putProfileOrder)
sources.get("/:id/profiles/:profile", getProfile)
sources.patch("/:id/profiles/:profile", patchProfile)
sources.delete("/:id/profiles/:profile", deleteProfile)
sources.post("/:id/profiles/:profile/test", checkProfile)
