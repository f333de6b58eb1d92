import { readSourceRecords, unsealSource } from "@tributary/shared/store/read-config"
import type { Context } from "hono"
import type { Bindings } from "../bindings.ts"
import { edgeOf } from "../edge.ts"
import { fromStore } from "../store-unavailable.ts"
import { findSource, unknownSource } from "./find-source.ts"
import { sourceRow } from "./source-rows.ts"

type Request = Context<{ Bindings: Bindings }>

/** `GET /api/sources`: the sources that are configured, in their order, each with its profiles; logins are masked. */
export async function listSources(context: Request): Promise<Response> {
  const edge = await edgeOf(context.env)
  const records = await fromStore(readSourceRecords(edge.redis))
  const rows = [...records.values()].map(async (record) =>
    sourceRow({ record, secret: await unsealSource(edge.keys, record) }),
  )
  return context.json(await Promise.all(rows))
}

/** `GET /api/sources/{id}`: one of them. */
export async function getSource(context: Request): Promise<Response> {
  const edge = await edgeOf(context.env)
  const id = context.req.param("id") ?? ""
  const source = await findSource(edge, id)
  return source === null ? unknownSource(id) : context.json(sourceRow(source))
}
