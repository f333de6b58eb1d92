import { Hono } from "hono"
import type { AdminEnvironment } from "../session/require-admin.ts"
import { failOverStream, stopStream } from "./control-stream.ts"
import { getStream, listStreams } from "./streams.ts"

/** `/api/streams`: what runs now, on whatever streamer. */
export const streams = new Hono<AdminEnvironment>()

streams.get("/", listStreams)
streams.get("/:id", getStream)
streams.delete("/:id", stopStream)
streams.post("/:id/failover", failOverStream)
