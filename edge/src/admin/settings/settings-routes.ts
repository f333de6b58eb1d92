import { Hono } from "hono"
import type { AdminEnvironment } from "../session/require-admin.ts"
import { getSettings, patchSettings } from "./settings.ts"

/** What users set of the whole system, at `/api/settings`. */
export const settings = new Hono<AdminEnvironment>()

settings.get("/", getSettings)
settings.patch("/", patchSettings)
