import { Hono } from "hono"
import type { AdminEnvironment } from "../session/require-admin.ts"
import { listImports } from "./imports.ts"
import { publishNow } from "./queue-import.ts"

/** `/api/imports`: what is imported, when, and how it went. */
export const imports = new Hono<AdminEnvironment>()

imports.get("/", listImports)
imports.post("/publish", publishNow)
