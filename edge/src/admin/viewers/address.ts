import type { ViewerAddress } from "@tributary/shared/admin-api/viewers"
import { errorResponse } from "@tributary/shared/http/errors"
import { unseal } from "@tributary/shared/secrets/seal"
import { readViewer } from "@tributary/shared/store/save-viewer"
import type { Context } from "hono"
import { edgeOf } from "../../edge.ts"
import { addressesFor, loginPath } from "../../playlist/address-parts.ts"
import { fromStore } from "../../store-unavailable.ts"
import type { AdminEnvironment } from "../session/require-admin.ts"
import { noViewer, usernameOf } from "./viewers.ts"

/**
 * `POST /api/viewers/{username}/address`: what is to be entered in players, the password included. Not a GET: it is asked
 * for on purpose, is kept by no cache, and stands in the audit list.
 */
export async function postViewerAddress(context: Context<AdminEnvironment>): Promise<Response> {
  const edge = await edgeOf(context.env)
  const username = usernameOf(context)
  const record = await fromStore(readViewer(edge.redis, username))
  if (record === null) return noViewer(username)
  const password = await unseal(edge.keys, record.sealedPassword).catch(() => null)
  if (typeof password !== "string")
    return errorResponse(
      "conflict",
      "The password was stored with another secret of this installation; set it anew.",
    )
  return context.json(readyAddresses(edge.config.BASE_URL, { username, password }))
}

function readyAddresses(baseUrl: string, login: { username: string; password: string }): ViewerAddress {
  return {
    ...{ baseUrl, ...login },
    playlist: `${baseUrl}/playlist.m3u8?${new URLSearchParams(login)}`,
    xtream: { server: baseUrl, ...login },
    guide: addressesFor(baseUrl, login, { output: "ts", profile: null }).guide,
    hdhr: `${baseUrl}/hdhr/${loginPath(login)}`,
  }
}
