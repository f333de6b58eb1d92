/**
 * What the dashboard's page may load (CSP Level 3). Scripts come from this host alone; styles that libraries make while
 * the page runs need its nonce. Logos are wherever providers have them; streams come from the streamers.
 */
export function contentSecurityPolicy(nonce: string, streamerOrigins: readonly string[]): string {
  const streams = streamerOrigins.map((origin) => ` ${origin}`).join("")
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: http: https:",
    "font-src 'self'",
    `connect-src 'self'${streams}`,
    `media-src 'self' blob:${streams}`,
    "worker-src blob:",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ")
}
