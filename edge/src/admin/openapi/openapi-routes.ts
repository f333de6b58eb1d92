import { Hono } from "hono"
import type { AdminEnvironment } from "../session/require-admin.ts"
import { describeApi } from "./document.ts"

let made: unknown

/** `GET /api/openapi.json`, open to all: it says nothing of this installation but its address. */
export const openapi = new Hono<AdminEnvironment>()

openapi.get("/", (context) => {
  made ??= describeApi()
  return context.json(made as object)
})
