import { errorResponse } from "@tributary/shared/http/errors"
import { isTierCall } from "@tributary/shared/secrets/tier-token"
import { manifestSchema } from "@tributary/shared/snapshot/manifest"
import { objects } from "@tributary/shared/store/keys"
import { Hono } from "hono"
import type { Bindings } from "../bindings.ts"
import { edgeOf } from "../edge.ts"
import { publishSnapshot, removeSnapshotsBefore } from "./publish.ts"

/** What only streamers may call: store objects, publish a snapshot, look a channel up. */
export const internal = new Hono<{ Bindings: Bindings }>()

internal.use(async (context, next) => {
  const edge = await edgeOf(context.env)
  const authorization = context.req.header("authorization")
  if (await isTierCall(edge.keys, "edge-internal", authorization, Date.now() / 1000)) return next()
  return errorResponse("unauthorized", "Only a streamer of this installation may call this.")
})

internal.put("/objects/:key{.+}", async (context) => {
  const edge = await edgeOf(context.env)
  const { key } = context.req.param()
  if (!isObjectOfStreamers(key)) return errorResponse("not_found", "No such object.")
  const { body } = context.req.raw
  // R2 takes streams of known length only.
  if (body !== null && context.req.header("content-length") === undefined)
    return errorResponse("bad_request", "Say how long the object is: Content-Length.")
  await edge.bucket.put(key, body)
  return context.body(null, 204)
})

internal.get("/objects/:key{.+}", async (context) => {
  const edge = await edgeOf(context.env)
  const { key } = context.req.param()
  const isReadable = key === objects.current || isObjectOfStreamers(key)
  const object = isReadable ? await edge.bucket.get(key) : null
  if (object === null) return errorResponse("not_found", "No such object.")
  return new Response(object.body)
})

internal.delete("/objects/:key{.+}", async (context) => {
  const edge = await edgeOf(context.env)
  const { key } = context.req.param()
  if (!isObjectOfStreamers(key)) return errorResponse("not_found", "No such object.")
  await edge.bucket.delete(key)
  return context.body(null, 204)
})

internal.post("/publish", async (context) => {
  const edge = await edgeOf(context.env)
  const parsed = manifestSchema.safeParse(await context.req.json().catch(() => undefined))
  if (!parsed.success) return errorResponse("bad_request", "The manifest is not valid.")
  const publication = await publishSnapshot(edge.bucket, parsed.data)
  if (!publication.ok) return errorResponse("bad_request", publication.message)
  edge.snapshots.forgetManifest()
  if (publication.keepFrom !== null)
    context.executionCtx.waitUntil(removeSnapshotsBefore(edge.bucket, publication.keepFrom))
  return context.body(null, 204)
})

internal.get("/channels/:id", async (context) => {
  const edge = await edgeOf(context.env)
  const found = await edge.snapshots.findChannel(context.req.param("id"), Date.now())
  return found === null ? errorResponse("unknown_channel", "No such channel.") : context.json(found.channel)
})

// R2 refuses longer keys.
const maxKeyBytes = 1_024

/** Streamers write snapshots and catalogues, and nothing by a way round: the pointer is moved by publishing. */
function isObjectOfStreamers(key: string): boolean {
  const [folder, ...segments] = key.split("/")
  return (
    (folder === "snapshots" || folder === "catalogue") &&
    segments.length > 0 &&
    segments.every((segment) => segment !== "" && segment !== "." && segment !== "..") &&
    new TextEncoder().encode(key).length <= maxKeyBytes
  )
}
