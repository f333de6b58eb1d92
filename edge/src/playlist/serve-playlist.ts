import { errorResponse } from "@tributary/shared/http/errors"
import { sha256Hex } from "@tributary/shared/secrets/sha256"
import type { Manifest } from "@tributary/shared/snapshot/manifest"
import { objects } from "@tributary/shared/store/keys"
import type { Context } from "hono"
import { authenticate } from "../admission/authenticate.ts"
import { type Credentials, credentialsOf } from "../admission/credentials.ts"
import type { Bindings } from "../bindings.ts"
import { type Edge, edgeOf } from "../edge.ts"
import { dropRepeats } from "./drop-repeats.ts"
import { fillTemplate } from "./fill-template.ts"
import { joinParts } from "./join-parts.ts"

/** `GET /playlist.m3u8` and `/{group}/playlist.m3u8`: a viewer's playlist, from the snapshot's templates. */
export async function servePlaylist(context: Context<{ Bindings: Bindings }>): Promise<Response> {
  const edge = await edgeOf(context.env)
  const now = Date.now()
  const who = await authenticate(edge, credentialsOf(context.req), now)
  if (!who.ok) return errorResponse(who.code, who.message)
  const output = context.req.query("output") ?? "ts"
  if (output !== "ts" && output !== "m3u8")
    return errorResponse("bad_request", `output is "ts" or "m3u8", not "${output}".`)
  const manifest = await edge.snapshots.manifest(now)
  if (manifest === null)
    return errorResponse("not_ready", "The first import has not finished; try again soon.", 5)
  const wanted = context.req.param("group")
  const parts = partsOf(manifest, wanted, who.groups)
  if (parts === null) return errorResponse("unknown_group", `There is no group "${wanted}".`)
  if (parts === "forbidden") return errorResponse("forbidden", `This viewer may not see "${wanted}".`)

  const address = addressParts(edge, who.credentials, output)
  const etag = `"${(await sha256Hex(JSON.stringify([manifest.digest, parts, address]))).slice(0, 32)}"`
  const headers = new Headers({
    "content-type": "audio/x-mpegurl; charset=utf-8",
    "cache-control": "private, no-cache",
    vary: "accept-encoding, authorization",
    etag,
  })
  if (matchesEtag(context.req.header("if-none-match"), etag))
    return new Response(null, { status: 304, headers })
  const gzip = acceptsGzip(clientEncodings(context.req.raw))
  if (gzip) headers.set("content-encoding", "gzip")
  if (context.req.method === "HEAD") return new Response(null, { headers })

  const cacheSeconds = who.settings.cacheEnabled ? who.settings.cacheDuration : 0
  const keysOfParts = parts.map((part) => objects.playlist(manifest.snapshot, part))
  const later = (work: Promise<unknown>) => context.executionCtx.waitUntil(work)
  const joined = joinParts(keysOfParts, (key) => edge.objects.open(key, cacheSeconds, later))
  // Only groups overlap: one template holds each channel once.
  const entries = parts.length > 1 ? joined.pipeThrough(dropRepeats()) : joined
  const body = entries.pipeThrough(fillTemplate(address))
  // The CDN does not compress this type, so it is done here.
  return gzip
    ? new Response(body.pipeThrough(new CompressionStream("gzip") as never), {
        headers,
        encodeBody: "manual",
      })
    : new Response(body, { headers })
}

/** The template objects to send: null stands for all channels, else group slugs. */
function partsOf(
  manifest: Manifest,
  wanted: string | undefined,
  allowed: readonly string[] | null,
): (string | null)[] | "forbidden" | null {
  if (wanted === undefined) {
    if (allowed === null) return [null]
    return manifest.groups.filter((group) => allowed.includes(group.name)).map((group) => group.slug)
  }
  const group =
    manifest.groups.find(({ name }) => name === wanted) ?? manifest.groups.find(({ slug }) => slug === wanted)
  if (group === undefined) return null
  return allowed === null || allowed.includes(group.name) ? [group.slug] : "forbidden"
}

function addressParts(edge: Edge, credentials: Credentials | null, output: "ts" | "m3u8") {
  const login = credentials === null ? "" : `?${new URLSearchParams({ ...credentials })}`
  const base = edge.config.BASE_URL
  return { start: `${base}/stream/`, end: `.${output}${login}`, logo: `${base}/logo/` }
}

/** RFC 9110 13.1.2: weak comparison of a list of entity tags. */
function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.trim() === "*" || header.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag)
}

/** The client's own Accept-Encoding: the header that a Worker sees is the CDN's. */
function clientEncodings(request: Request): string | undefined {
  const own = request.cf?.clientAcceptEncoding
  return typeof own === "string" ? own : (request.headers.get("accept-encoding") ?? undefined)
}

/** RFC 9110 12.5.3: named without a weight of zero. */
function acceptsGzip(header: string | undefined): boolean {
  return (header ?? "").split(",").some((coding) => {
    const [name, weight] = coding.split(";").map((part) => part.trim().toLowerCase())
    return (name === "gzip" || name === "x-gzip") && !/^q=0(?:\.0*)?$/.test(weight ?? "")
  })
}
