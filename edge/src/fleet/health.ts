import { streamerDeadMilliseconds } from "@tributary/shared/lease/times"
import { redact } from "@tributary/shared/log/redact"
import { hashFields } from "@tributary/shared/store/hash-fields"
import { guideJob, keys, publishJob } from "@tributary/shared/store/keys"
import type { ImportStatus } from "@tributary/shared/store/records"
import type { Context } from "hono"
import type { Bindings } from "../bindings.ts"
import { type Edge, edgeOf } from "../edge.ts"
import type { Fleet } from "./fleet-config.ts"
import { heardOfAfter, storeMilliseconds, streamersIn } from "./streamer-records.ts"

type Part = { status: "ok"; message?: string } | { status: "failing"; message: string }

/** `GET /health`: 200, or 503 that names the failing part. Import errors are shown, and do not fail it. */
export async function health(context: Context<{ Bindings: Bindings }>): Promise<Response> {
  const found = await healthOf(await edgeOf(context.env))
  return context.json(found, found.status === "ok" ? 200 : 503, { "cache-control": "no-store" })
}

/** What the page says: all parts, and which of them fail. */
export async function healthOf(edge: Edge) {
  const [store, snapshots] = await Promise.all([storeHealth(edge), snapshotHealth(edge)])
  const parts = { store: store.part, streamers: store.streamers, snapshots: snapshots.part }
  const failing = Object.entries(parts).flatMap(([name, part]) => (part.status === "ok" ? [] : [name]))
  return {
    status: failing.length === 0 ? "ok" : "failing",
    ...(failing.length === 0 ? {} : { failing }),
    parts,
    channels: snapshots.channels,
    imports: store.imports,
  }
}

async function storeHealth(edge: Edge) {
  try {
    const [streamers, time, imports] = await edge.redis
      .pipeline()
      .hgetall(keys.streamers)
      .time()
      .hgetall(keys.importsStatus)
      .exec<[unknown, [string, string], unknown]>()
    const alive = heardOfAfter(streamersIn(streamers), storeMilliseconds(time) - streamerDeadMilliseconds)
    const part: Part = { status: "ok" }
    return {
      part,
      streamers: streamersPart(alive.length, edge.config.FLEET ?? []),
      imports: importsOf(hashFields(imports)),
    }
  } catch {
    const part: Part = { status: "failing", message: "the store does not answer" }
    return {
      part,
      streamers: { status: "failing", message: "unknown while the store is away" } as Part,
      imports: [],
    }
  }
}

function streamersPart(running: number, fleets: readonly Fleet[]): Part {
  if (running > 0) return { status: "ok" }
  const mayBeNone = fleets.length > 0 && fleets.every(({ minimum }) => minimum === 0)
  return mayBeNone
    ? { status: "ok", message: "none runs; the first request starts one" }
    : { status: "failing", message: "no streamer is running" }
}

/** Of the sources; how guides and publications went is told to the admin alone (`/api/imports`). */
function importsOf(fields: Map<string, string>) {
  const sources = [...fields].filter(([job]) => job !== publishJob && !job.startsWith(guideJob("")))
  return sources.map(([source, text]) => {
    const { phase, startedAt, endedAt, entries, keptEntries, error } = JSON.parse(text) as ImportStatus
    // This page is open to all: a provider's address is not shown, whatever setting the log has.
    const shown = error === null ? null : { code: error.code, message: redact(error.message) }
    return { source, phase, startedAt, endedAt, entries, keptEntries, error: shown }
  })
}

async function snapshotHealth(edge: Edge): Promise<{ part: Part; channels: number | null }> {
  try {
    const pointer = await edge.snapshots.pointer(Date.now())
    return { part: { status: "ok" }, channels: pointer?.channels ?? null }
  } catch {
    return { part: { status: "failing", message: "the snapshot bucket does not answer" }, channels: null }
  }
}
