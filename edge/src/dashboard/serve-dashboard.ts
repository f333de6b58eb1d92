import type { Context } from "hono"
import type { Bindings } from "../bindings.ts"
import { edgeOf } from "../edge.ts"
import { runningStreamers } from "../fleet/choose-streamer.ts"
import { contentSecurityPolicy } from "./content-security-policy.ts"
import { noncePlaceholder } from "./nonce-placeholder.ts"

const documentAddress = "https://assets.invalid/index.html"

/** Every page of the dashboard: one document, each time with a nonce of its own. */
export async function serveDashboard(
  context: Context<{ Bindings: Bindings }>,
  status: 200 | 404 = 200,
): Promise<Response> {
  const built = await context.env.ASSETS.fetch(documentAddress)
  if (!built.ok)
    return new Response("The dashboard was not built: npm run build -w edge/dashboard\n", { status: 500 })
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(18))))
  const page = (await built.text()).replaceAll(noncePlaceholder, nonce)
  const policy = contentSecurityPolicy(nonce, await streamerOrigins(context))
  return new Response(page, {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy": policy,
      "referrer-policy": "same-origin",
      "x-content-type-options": "nosniff",
      "cross-origin-opener-policy": "same-origin",
      "permissions-policy": "camera=(), geolocation=(), microphone=()",
    },
  })
}

/** Where pictures come from when a channel is played in the page; none while the store is away. */
async function streamerOrigins(context: Context<{ Bindings: Bindings }>): Promise<string[]> {
  const running = await edgeOf(context.env)
    .then(runningStreamers)
    .catch(() => [])
  return [...new Set(running.map(([, { address }]) => new URL(address).origin))]
}
