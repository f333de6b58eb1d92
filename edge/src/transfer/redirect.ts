/**
 * A 302 without a body. It names a type that is not compressed: an answer without one is, by the local runtime in the
 * CDN's place, and gzip of nothing is twenty bytes that no player expects behind a redirect.
 */
export function redirect(location: string, cacheControl: string): Response {
  const headers = { location, "content-type": "application/octet-stream", "cache-control": cacheControl }
  return new Response(null, { status: 302, headers })
}
