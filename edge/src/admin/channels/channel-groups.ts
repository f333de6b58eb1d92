import type { ChannelGroups } from "@tributary/shared/admin-api/channels"
import { entryKinds } from "@tributary/shared/catalogue/entry"
import type { Context } from "hono"
import { edgeOf } from "../../edge.ts"
import type { AdminEnvironment } from "../session/require-admin.ts"

/** `GET /api/channels/groups`: the groups of what is published, in alphabetical order. None before the first import. */
export async function listGroups(context: Context<AdminEnvironment>): Promise<Response> {
  const { snapshots } = await edgeOf(context.env)
  const current = await snapshots.current(Date.now())
  const groups = entryKinds.flatMap((kind) =>
    (current?.manifest.sections[kind].groups ?? []).map(({ name, slug, entries }) => ({
      name,
      slug,
      kind,
      entries,
    })),
  )
  return context.json({ groups } satisfies ChannelGroups)
}
