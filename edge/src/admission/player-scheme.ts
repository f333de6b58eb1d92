import type { Scheme } from "@tributary/shared/lease/admit"

/**
 * The scheme of the address by which a player came. A proxy that ends TLS in front of the edge asks it over http, so for
 * `BASE_URL`'s own host it is `BASE_URL`'s. `X-Forwarded-Proto` is what anybody may send.
 */
export function playerScheme(requested: URL, base: URL): Scheme {
  const isHttps = (cameBy(requested, base) ? base : requested).protocol === "https:"
  return isHttps ? "https" : "http"
}

/** Proxies pass the host on with its port, or leave that out. */
function cameBy(requested: URL, base: URL): boolean {
  if (requested.hostname !== base.hostname) return false
  return requested.port === "" || requested.port === portOf(base)
}

function portOf({ port, protocol }: URL): string {
  if (port !== "") return port
  return protocol === "https:" ? "443" : "80"
}
