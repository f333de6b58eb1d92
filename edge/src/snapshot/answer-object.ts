import { errorResponse } from "@tributary/shared/http/errors"

/**
 * Answers a request for an object with its very bytes: all, or those of one range `bytes=a-b` or `bytes=a-`.
 * Any other Range header is ignored, as RFC 9110 14.2 allows. Null when there is no such object.
 */
export async function answerObject(
  bucket: R2Bucket,
  key: string,
  rangeHeader: string | undefined,
): Promise<Response | null> {
  const range = rangeOf(rangeHeader)
  if (range === null) {
    const object = await bucket.get(key)
    return object && new Response(object.body)
  }
  // R2 throws for a range behind the object's end.
  const { size } = (await bucket.head(key)) ?? {}
  if (size === undefined) return null
  if (range.first >= size) return errorResponse("range_not_satisfiable", `The object has ${size} bytes.`)
  const last = Math.min(range.last, size - 1)
  const object = await bucket.get(key, { range: { offset: range.first, length: last - range.first + 1 } })
  if (object === null) return null
  const headers = { "content-range": `bytes ${range.first}-${last}/${size}` }
  return new Response(object.body, { status: 206, headers })
}

function rangeOf(header: string | undefined): { first: number; last: number } | null {
  const match = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(header ?? "")
  if (match === null) return null
  const first = Number(match[1])
  const last = match[2] === "" ? Number.MAX_SAFE_INTEGER : Number(match[2])
  return last < first ? null : { first, last }
}
