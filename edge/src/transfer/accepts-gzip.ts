/**
 * Whether the client takes gzip (RFC 9110 12.5.3: named without a weight of zero). Its own Accept-Encoding
 * counts: the header that a Worker sees is the CDN's.
 */
export function acceptsGzip(request: Request): boolean {
  const own = request.cf?.clientAcceptEncoding
  const header = typeof own === "string" ? own : (request.headers.get("accept-encoding") ?? "")
  return header.split(",").some((coding) => {
    const [name, weight] = coding.split(";").map((part) => part.trim().toLowerCase())
    return (name === "gzip" || name === "x-gzip") && !/^q=0(?:\.0*)?$/.test(weight ?? "")
  })
}
