import { categoryId } from "@tributary/shared/catalogue/category-id"
import type { Manifest } from "@tributary/shared/snapshot/manifest"
import { objects } from "@tributary/shared/store/keys"
import type { Authentication } from "../admission/authenticate.ts"
import type { Edge } from "../edge.ts"
import { fillTemplate } from "../playlist/fill-template.ts"
import { joinParts } from "../playlist/join-parts.ts"

type Allowed = Extract<Authentication, { ok: true }>
type Group = Manifest["groups"][number]

/** `get_live_categories`: the groups that the viewer may see. */
export async function liveCategories(edge: Edge, who: Allowed, now: number): Promise<unknown[]> {
  const groups = allowedGroups(await edge.snapshots.manifest(now), who)
  return groups.map(({ name }) => ({
    category_id: categoryId(name),
    category_name: name,
    parent_id: 0,
  }))
}

/** `get_live_streams`: of all groups that the viewer may see, or of one category. */
export async function liveStreams(
  edge: Edge,
  who: Allowed,
  category: string | null,
  now: number,
  later: (work: Promise<unknown>) => void,
): Promise<Response> {
  const manifest = await edge.snapshots.manifest(now)
  const parts = manifest === null ? [] : partsOf(allowedGroups(manifest, who), who, category)
  const cacheSeconds = who.settings.cacheEnabled ? who.settings.cacheDuration : 0
  const open = (key: string) => edge.objects.open(key, cacheSeconds, later)
  const keys = parts.map((part) => objects.liveStreams(manifest?.snapshot ?? "", part))
  const list = joinParts(keys, open, { head: "[", between: ",\n", tail: "]" })
  const filled = list.pipeThrough(fillTemplate({ start: "", end: "", logo: `${edge.config.BASE_URL}/logo/` }))
  return new Response(filled, {
    headers: { "content-type": "application/json", "cache-control": "no-store" },
  })
}

function allowedGroups(manifest: Manifest | null, { groups }: Allowed): Group[] {
  const all = manifest?.groups ?? []
  return groups === null ? all : all.filter(({ name }) => groups.includes(name))
}

/** Objects to send: null stands for all channels, else group slugs. */
function partsOf(groups: readonly Group[], who: Allowed, category: string | null): (string | null)[] {
  const isAll = category === null || category === "" || category === "0"
  if (isAll) return who.groups === null ? [null] : groups.map(({ slug }) => slug)
  return groups.filter(({ name }) => categoryId(name) === category).map(({ slug }) => slug)
}
