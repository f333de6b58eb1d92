import { readEpg } from "@tributary/shared/store/epg"
import type { Context } from "hono"
import type { Bindings } from "../bindings.ts"
import { edgeOf } from "../edge.ts"
import { fromStore } from "../store-unavailable.ts"
import { maskedUrl } from "./mask.ts"

/** `GET /api/epg`: the guides that are configured on their own; paths and queries may hold credentials. */
export async function listGuides(context: Context<{ Bindings: Bindings }>): Promise<Response> {
  const edge = await edgeOf(context.env)
  const guides = await fromStore(readEpg(edge.redis, edge.keys))
  return context.json(guides.map(({ url }) => ({ url: maskedUrl(url) })))
}
