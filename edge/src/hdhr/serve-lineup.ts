import { placeholder } from "@tributary/shared/snapshot/m3u-template"
import type { View } from "@tributary/shared/snapshot/manifest"
import type { Authentication } from "../admission/authenticate.ts"
import type { Edge } from "../edge.ts"
import { loginPath, noPlaylistParts } from "../playlist/address-parts.ts"
import { fillTemplate } from "../playlist/fill-template.ts"
import type { CacheUse } from "../snapshot/pack-reader.ts"
import type { Snapshot } from "../snapshot/snapshot-reader.ts"
import { bodyOf } from "../transfer/body-of.ts"
import { joinedRows } from "../xtream/joined-rows.ts"
import { bracketed } from "../xtream/lists.ts"

type Allowed = Extract<Authentication, { ok: true }>

const idOfAddress = new RegExp(`"URL":"${String.fromCharCode(placeholder.addressStart)}(\\d{1,10})`)

/** `lineup.json`: the live channels that a viewer may see, with addresses that give MPEG-TS. */
export function lineup(
  edge: Edge,
  snapshot: Snapshot | null,
  { who, cache }: { who: Allowed; cache: CacheUse },
): Response {
  const headers = { "content-type": "application/json", "cache-control": "no-store" }
  if (snapshot === null) return new Response("[]", { headers })
  const rows = joinedRows(edge, snapshot, viewsOf(snapshot, who), { cache, id: idOfAddress })
  const parts = { ...noPlaylistParts, ...addressParts(edge.config.BASE_URL, who), addressEnd: ".ts" }
  return new Response(bodyOf(bracketed(fillTemplate(rows, parts))), { headers })
}

function viewsOf({ manifest }: Snapshot, { groups }: Allowed): View[] {
  const { live } = manifest.sections
  if (groups === null) return [live.lineup]
  return live.groups.filter(({ name }) => groups.includes(name)).map(({ lineup: view }) => view)
}

/** In the path, as programs that take them for a tuner's put parameters of their own behind them. */
function addressParts(base: string, { credentials }: Allowed) {
  return {
    addressStart: credentials === null ? `${base}/stream/` : `${base}/live/${loginPath(credentials)}/`,
  }
}
