import type { HonoRequest } from "hono"
import { acceptsGzip } from "./accepts-gzip.ts"
import { bodyOf } from "./body-of.ts"
import { matchedTag, tagsOf } from "./etag.ts"
import { packGzip } from "./paced.ts"

export interface Content {
  type: string
  /** The content is the same as long as this is (as JSON). */
  dependsOn: unknown
  plain: () => AsyncIterable<Uint8Array>
  /** Where it is at hand as one gzip stream. */
  packed?: () => AsyncIterable<Uint8Array>
}

/** Answers GET and HEAD for one viewer's content: 304 without reading it, gzip where the client takes it. */
export async function answerBytes(request: HonoRequest, content: Content): Promise<Response> {
  // The CDN compresses neither playlists nor what is sent through in parts, so it is done here.
  const gzip = acceptsGzip(request.raw)
  const headers = new Headers({ "content-type": content.type, vary: "accept-encoding, authorization" })
  const unchanged = await isUnchanged(request, content, gzip, headers)
  if (unchanged) return new Response(null, { status: 304, headers })
  if (gzip) headers.set("content-encoding", "gzip")
  if (request.method === "HEAD") return new Response(null, { headers })
  return gzip
    ? new Response(bodyOf(packedOf(content)), { headers, encodeBody: "manual" })
    : new Response(bodyOf(content.plain()), { headers })
}

/** As `answerBytes`, for a file that is gzip in itself, whatever the client takes. */
export async function answerGzipFile(request: HonoRequest, content: Content): Promise<Response> {
  const headers = new Headers({ "content-type": "application/gzip", vary: "authorization" })
  if (await isUnchanged(request, content, true, headers)) return new Response(null, { status: 304, headers })
  return new Response(request.method === "HEAD" ? null : bodyOf(packedOf(content)), { headers })
}

async function isUnchanged(
  request: HonoRequest,
  { dependsOn }: Content,
  gzip: boolean,
  headers: Headers,
): Promise<boolean> {
  const tags = await tagsOf(dependsOn)
  const [own, other] = gzip ? [tags.gzip, tags.identity] : [tags.identity, tags.gzip]
  const matched = matchedTag(request.header("if-none-match"), own, other)
  headers.set("cache-control", "private, no-cache")
  headers.set("etag", matched ?? own)
  return matched !== null
}

const packedOf = ({ packed, plain }: Content) => packed?.() ?? packGzip(plain())
