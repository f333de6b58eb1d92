import { errorResponse } from "@tributary/shared/http/errors"
import { isTierCall } from "@tributary/shared/secrets/tier-token"
import { pointerSchema } from "@tributary/shared/snapshot/manifest"
import { objects } from "@tributary/shared/store/keys"
import { Hono } from "hono"
import { findPlayable } from "../admission/find-requested.ts"
import type { Bindings } from "../bindings.ts"
import { edgeOf } from "../edge.ts"
import { answerObject } from "./answer-object.ts"
import { isListedPrefix, isObjectOfStreamers } from "./object-keys.ts"
import { publishSnapshot, removeSnapshotsBefore } from "./publish.ts"

// A Worker is given bodies of up to 100 MB; what comes near is a streamer that does not cut its objects.
const maxObjectBytes = 95_000_000

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
  const length = context.req.header("content-length")
  // R2 takes streams of known length only.
  if (body !== null && length === undefined)
    return errorResponse("bad_request", "Say how long the object is: Content-Length.")
  if (Number(length) > maxObjectBytes)
    return errorResponse("too_large", `An object has at most ${maxObjectBytes} bytes.`)
  await edge.bucket.put(key, body)
  return context.body(null, 204)
})

internal.get("/objects/:key{.+}", async (context) => {
  const edge = await edgeOf(context.env)
  const { key } = context.req.param()
  const isReadable = key === objects.current || isObjectOfStreamers(key)
  const answer = isReadable ? await answerObject(edge.bucket, key, context.req.header("range")) : null
  return answer ?? errorResponse("not_found", "No such object.")
})

internal.get("/objects", async (context) => {
  const edge = await edgeOf(context.env)
  const { prefix = "", cursor } = context.req.query()
  if (!isListedPrefix(prefix)) return errorResponse("not_found", "No such folder.")
  const list = await edge.bucket.list({ prefix, ...(cursor === undefined ? {} : { cursor }) })
  return context.json({
    keys: list.objects.map(({ key }) => key),
    cursor: list.truncated ? list.cursor : null,
  })
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
  const parsed = pointerSchema.safeParse(await context.req.json().catch(() => undefined))
  if (!parsed.success || !/^[^/]+$/.test(parsed.data.snapshot))
    return errorResponse("bad_request", "The pointer is not valid.")
  const publication = await publishSnapshot(edge.bucket, parsed.data)
  if (!publication.ok) return errorResponse("bad_request", publication.message)
  edge.snapshots.forget()
  if (publication.keepFrom !== null)
    context.executionCtx.waitUntil(removeSnapshotsBefore(edge.bucket, publication.keepFrom))
  return context.body(null, 204)
})

internal.get("/channels/:id", async (context) => {
  const edge = await edgeOf(context.env)
  const found = await findPlayable(edge, context.req.param("id"))
  return found === null ? errorResponse("unknown_channel", "No such channel.") : context.json(found.channel)
})
