import { Hono } from "hono"
import type { AdminEnvironment } from "../session/require-admin.ts"
import { listGroups } from "./channel-groups.ts"
import { getChannelGuide } from "./channel-guide.ts"
import { getChannel, listChannels, patchChannel, patchChannels } from "./channels.ts"
import { playInPage } from "./play-in-page.ts"

/** `/api/channels`: what is published, and what users changed of it. */
export const channels = new Hono<AdminEnvironment>()

channels.get("/", listChannels)
channels.patch("/", patchChannels)
channels.get("/groups", listGroups)
channels.get("/:id", getChannel)
channels.patch("/:id", patchChannel)
channels.get("/:id/guide", getChannelGuide)
channels.post("/:id/play", playInPage)
