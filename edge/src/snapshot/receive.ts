import { errorResponse } from "@tributary/shared/http/errors"
import { isTierCall } from "@tributary/shared/secrets/tier-token"
import { manifestSchema } from "@tributary/shared/snapshot/manifest"
import { objects } from "@tributary/shared/store/keys"
import { Hono } from "hono"
import type { Bindings } from "../bindings.ts"
import { edgeOf } from "../edge.ts"

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
  if (!/^(?:snapshots|catalogue)\//.test(key)) return errorResponse("not_found", `No object "${key}".`)
  await edge.bucket.put(key, context.req.raw.body)
  return context.body(null, 204)
})

internal.get("/objects/:key{.+}", async (context) => {
  const edge = await edgeOf(context.env)
  const object = await edge.bucket.get(context.req.param("key"))
  if (object === null) return errorResponse("not_found", "No such object.")
  return new Response(object.body)
})

internal.delete("/objects/:key{.+}", async (context) => {
  const edge = await edgeOf(context.env)
  await edge.bucket.delete(context.req.param("key"))
  return context.body(null, 204)
})

// The flip: until this one write a reader sees the old snapshot, after it the new one.
internal.post("/publish", async (context) => {
  const edge = await edgeOf(context.env)
  const parsed = manifestSchema.safeParse(await context.req.json())
  if (!parsed.success) return errorResponse("bad_request", "The manifest is not valid.")
  const manifest = parsed.data
  if ((await edge.bucket.head(objects.playlist(manifest.snapshot, null))) === null)
    return errorResponse("bad_request", "The snapshot's playlist was not uploaded.")
  await edge.bucket.put(objects.current, JSON.stringify(manifest))
  edge.snapshots.forgetManifest()
  if (manifest.previous !== null)
    context.executionCtx.waitUntil(removeSnapshotsBefore(edge.bucket, manifest.previous))
  return context.body(null, 204)
})

internal.get("/channels/:id", async (context) => {
  const edge = await edgeOf(context.env)
  const found = await edge.snapshots.findChannel(context.req.param("id"), Date.now())
  return found === null ? errorResponse("unknown_channel", "No such channel.") : context.json(found.channel)
})

/**
 * Deletes the snapshots before the given one (ids sort by time, so one that is being uploaded right now is
 * never touched), in batches that R2 takes in one call (1,000 keys).
 */
async function removeSnapshotsBefore(bucket: R2Bucket, snapshot: string): Promise<void> {
  let cursor: string | undefined
  do {
    const list = await bucket.list({ prefix: "snapshots/", ...(cursor === undefined ? {} : { cursor }) })
    const old = list.objects.map(({ key }) => key).filter((key) => key < objects.snapshotPrefix(snapshot))
    if (old.length > 0) await bucket.delete(old)
    cursor = list.truncated ? list.cursor : undefined
  } while (cursor !== undefined)
}
