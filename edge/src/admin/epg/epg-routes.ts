import { Hono } from "hono"
import type { AdminEnvironment } from "../session/require-admin.ts"
import { deleteGuide, getGuide, listGuides, patchGuide, postGuide, putGuideOrder } from "./epg.ts"
import { listGuideChannels } from "./guide-channels.ts"

/** Guides that are configured on their own, below `/api/epg`. */
export const epg = new Hono<AdminEnvironment>()

epg.get("/", listGuides)
epg.post("/", postGuide)
epg.get("/channels", listGuideChannels)
epg.put("/order", putGuideOrder)
epg.get("/:id", getGuide)
epg.patch("/:id", patchGuide)
epg.delete("/:id", deleteGuide)
