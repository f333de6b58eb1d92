/**
 * Whether a request that the browser added a cookie to comes from our own page. SameSite alone also lets other ports
 * and subdomains of this host through. Browsers say it in `Sec-Fetch-Site` (Fetch Metadata), older ones in `Origin`;
 * behind a proxy that ends TLS the address of the request is not the page's, so `baseUrl` counts too.
 */
export function isSameOrigin(request: Request, baseUrl: string): boolean {
  const site = request.headers.get("sec-fetch-site")
  if (site !== null) return site === "same-origin"
  const origin = request.headers.get("origin")
  return origin !== null && (origin === new URL(request.url).origin || origin === new URL(baseUrl).origin)
}
