import {
  adminSessionSeconds,
  signAdminSession,
  verifyAdminSession,
} from "@tributary/shared/secrets/admin-session"
import type { Context } from "hono"
import { deleteCookie, getCookie, setCookie } from "hono/cookie"
import type { Edge } from "../../edge.ts"

/**
 * Over https the browser takes it from this very host only (`__Host-`, RFC 6265bis 4.1.3.2); over http, as in a home
 * network, there is no such cookie.
 */
const nameOf = ({ config }: Edge) =>
  config.BASE_URL.startsWith("https:") ? "__Host-tributary-session" : "tributary-session"

const optionsOf = ({ config }: Edge) =>
  ({
    path: "/",
    httpOnly: true,
    sameSite: "Strict",
    secure: config.BASE_URL.startsWith("https:"),
  }) as const

/** Signs this browser in; gives when that ends, in Unix milliseconds. */
export async function giveSession(context: Context, edge: Edge, now: number): Promise<number> {
  const session = await signAdminSession(edge.keys, edge.config.ADMIN_TOKEN, Math.floor(now / 1000))
  setCookie(context, nameOf(edge), session, { ...optionsOf(edge), maxAge: adminSessionSeconds })
  return (Math.floor(now / 1000) + adminSessionSeconds) * 1000
}

/** Signs it out. */
export function endSession(context: Context, edge: Edge): void {
  deleteCookie(context, nameOf(edge), optionsOf(edge))
}

/** When the session of the request ends, in Unix milliseconds; null: it has none that counts. */
export async function sessionEnd(context: Context, edge: Edge, now: number): Promise<number | null> {
  const cookie = getCookie(context, nameOf(edge))
  if (cookie === undefined) return null
  const end = await verifyAdminSession(edge.keys, edge.config.ADMIN_TOKEN, cookie, now / 1000)
  return end === null ? null : end * 1000
}
