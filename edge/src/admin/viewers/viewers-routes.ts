import { Hono } from "hono"
import type { AdminEnvironment } from "../session/require-admin.ts"
import { postViewerAddress } from "./address.ts"
import { deleteViewerSession, getViewerSessions } from "./sessions.ts"
import { deleteViewer, getViewer, listViewers, patchViewer, postViewer } from "./viewers.ts"

/** Viewers and what they play, below `/api/viewers`. */
export const viewers = new Hono<AdminEnvironment>()

viewers.get("/", listViewers)
viewers.post("/", postViewer)
viewers.get("/:username", getViewer)
viewers.patch("/:username", patchViewer)
viewers.delete("/:username", deleteViewer)
viewers.post("/:username/address", postViewerAddress)
viewers.get("/:username/sessions", getViewerSessions)
viewers.delete("/:username/sessions/:session", deleteViewerSession)
