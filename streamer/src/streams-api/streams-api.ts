import type { IndexedChannel } from "@tributary/shared/catalogue/entry"
import { errorResponse } from "@tributary/shared/http/errors"
import { type Context, Hono, type MiddlewareHandler } from "hono"
import { KnownChannels } from "./known-channels.ts"
import type { ManagedStream, ManagedStreams } from "./managed-stream.ts"
import { isMetadataField, metadataFields } from "./metadata.ts"
import { clientsOf, entryOf, matchOf } from "./stream-entry.ts"

export interface StreamsApiOptions {
  pool: ManagedStreams
  findChannel: (id: string) => Promise<IndexedChannel | null>
  /** Lets only those pass who may use the API. */
  guard: MiddlewareHandler
}

// PHP's clients send 1 and 0.
const flags = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
])

/** What runs here, in m3u-proxy's form. */
export function streamsApi({ pool, findChannel, guard }: StreamsApiOptions): Hono {
  const channels = new KnownChannels(findChannel)
  const api = new Hono()

  api.use(guard)
  api.use(async (context, next) => {
    await next()
    context.header("cache-control", "no-store")
  })

  api.get("/", async (context) => {
    const streams = await withChannels(running())
    const entries = streams.map(({ stream, channel }) => entryOf(stream.report(), channel))
    return context.json({ streams: entries, total: entries.length })
  })

  api.get("/by-metadata", async (context) => {
    const filter = readFilter(context)
    if ("message" in filter) return errorResponse("bad_request", filter.message)
    const { field, value, activeOnly } = filter
    const streams = await withChannels(running())
    const matching = streams
      .map(({ stream, channel }) => matchOf(stream.report(), channel))
      .filter(({ metadata }) => metadata[field] === value)
      .filter(({ client_count }) => !activeOnly || client_count > 0)
    return context.json({
      filter: { field, value },
      active_only: activeOnly,
      matching_streams: matching,
      total_matching: matching.length,
      total_clients: matching.reduce((sum, { client_count }) => sum + client_count, 0),
    })
  })

  api.get("/:id", async (context) => {
    const stream = find(context.req.param("id"))
    if (stream === undefined) return unknown()
    const [channel = null] = await channels.of([stream])
    const report = stream.report()
    const clients = clientsOf(report)
    return context.json({ stream: entryOf(report, channel), clients, client_count: clients.length })
  })

  api.delete("/:id", async (context) => {
    const id = context.req.param("id")
    const stream = find(id)
    if (stream === undefined) return unknown()
    await stream.close("stopped")
    return context.json({ message: `The stream ${id} has been stopped.`, stream_id: id })
  })

  api.post("/:id/failover", (context) => {
    const id = context.req.param("id")
    const stream = find(id)
    if (stream === undefined) return unknown()
    if (!stream.failOver())
      return errorResponse(
        "conflict",
        `The stream ${id} cannot change its feed now: it does so already, is relayed from another streamer, or is played by one viewer alone.`,
      )
    const { failovers } = stream.report()
    return context.json({
      message: `The stream ${id} goes on with its next feed.`,
      stream_id: id,
      failovers,
    })
  })

  return api

  // One that closes has no viewers any more; its connection may not be gone yet.
  function running(): ManagedStream[] {
    return [...pool.streams.values()].filter((stream) => stream.report().state !== "closing")
  }

  function find(id: string): ManagedStream | undefined {
    const stream = pool.streams.get(id)
    return stream?.report().state === "closing" ? undefined : stream
  }

  async function withChannels(streams: ManagedStream[]) {
    const known = await channels.of(streams)
    return streams.map((stream, index) => ({ stream, channel: known[index] ?? null }))
  }
}

const unknown = () => errorResponse("not_found", "No stream with this id runs here.")

function readFilter(context: Context) {
  const { field, value, active_only = "true" } = context.req.query()
  if (field === undefined) return { message: "field: is missing" }
  if (!isMetadataField(field)) return { message: `field: must be one of ${metadataFields.join(", ")}` }
  if (value === undefined) return { message: "value: is missing" }
  const activeOnly = flags.get(active_only.toLowerCase())
  if (activeOnly === undefined) return { message: "active_only: must be true or false" }
  return { field, value, activeOnly }
}
