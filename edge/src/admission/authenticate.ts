import type { Settings } from "@tributary/shared/config/settings"
import { passwordCheck } from "@tributary/shared/secrets/password-check"
import { keys } from "@tributary/shared/store/keys"
import { parseSettings } from "@tributary/shared/store/read-config"
import type { ViewerRecord } from "@tributary/shared/store/records"
import type { Edge } from "../edge.ts"
import { fromStore } from "../store-unavailable.ts"
import type { Credentials } from "./credentials.ts"

export type Authentication =
  /** `credentials`, `viewer` and `groups` are null when the playlist is public and nobody logged in. */
  | {
      ok: true
      credentials: Credentials | null
      viewer: ViewerRecord | null
      groups: string[] | null
      settings: Settings
    }
  | { ok: false; code: "unauthorized" | "forbidden"; message: string }

/**
 * Whether a request for a playlist may be answered, and with which groups: one round trip for viewer and
 * settings together. Streams are decided by the admission script instead. Rejects when the store is away.
 */
export async function authenticate(
  edge: Edge,
  credentials: Credentials | null,
  now: number,
): Promise<Authentication> {
  const [stored, fields] = await fromStore(
    edge.redis
      .pipeline()
      .hget<string>(keys.viewers, credentials?.username ?? "")
      .hgetall(keys.settings)
      .exec<[string | null, unknown]>(),
  )
  const settings = parseSettings(fields)
  if (credentials !== null && stored !== null) {
    const viewer = JSON.parse(stored) as ViewerRecord
    if (viewer.check === (await passwordCheck(edge.keys, credentials.username, credentials.password))) {
      if (!viewer.enabled) return refusal("forbidden", "This viewer is disabled.")
      if (viewer.expiresAt !== null && viewer.expiresAt <= now)
        return refusal("forbidden", "This viewer's access has expired.")
      return { ok: true, credentials, viewer, groups: viewer.groups ?? null, settings }
    }
  }
  if (settings.publicPlaylist) return { ok: true, credentials: null, viewer: null, groups: null, settings }
  return refusal(
    "unauthorized",
    credentials === null
      ? "Say who you are: ?username=…&password=… or HTTP Basic."
      : "Wrong username or password.",
  )
}

const refusal = (code: "unauthorized" | "forbidden", message: string): Authentication => ({
  ok: false,
  code,
  message,
})
