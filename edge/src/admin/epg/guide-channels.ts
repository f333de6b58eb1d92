import { type GuideChannels, guideChannelQuerySchema } from "@tributary/shared/admin-api/epg"
import { normaliseName } from "@tributary/shared/catalogue/group-key"
import { errorResponse } from "@tributary/shared/http/errors"
import type { GuideHead, StoredGuides } from "@tributary/shared/snapshot/stored-guides"
import { objects } from "@tributary/shared/store/keys"
import { readSourceRecords } from "@tributary/shared/store/read-config"
import type { Context } from "hono"
import { edgeOf } from "../../edge.ts"
import { fromStore } from "../../store-unavailable.ts"
import { parseQuery } from "../parse-request.ts"
import type { AdminEnvironment } from "../session/require-admin.ts"

type GuideChannel = GuideChannels["channels"][number]

const mostChannels = 50

/** `GET /api/epg/channels`: channels of all guides that were imported, by their id or name. */
export async function listGuideChannels(context: Context<AdminEnvironment>): Promise<Response> {
  const query = parseQuery(context.req, guideChannelQuerySchema)
  if (!query.ok) return errorResponse("bad_request", query.message)
  const { bucket, redis } = await edgeOf(context.env)
  const sources = [...(await fromStore(readSourceRecords(redis))).values()].filter(({ enabled }) => enabled)
  const found = new Search(normaliseName(query.value.search))
  for (const owner of [null, ...sources.map(({ id }) => id)])
    for await (const line of headsOf(bucket, owner)) found.look(JSON.parse(line) as GuideHead, owner)
  return context.json({ channels: found.best() } satisfies GuideChannels)
}

/** The lines of an owner's guides, one for each channel that has programmes. */
async function* headsOf(bucket: R2Bucket, owner: string | null): AsyncGenerator<string> {
  const stored = await bucket.get(objects.guides(owner))
  const { guides } = stored === null ? { guides: [] } : await stored.json<StoredGuides>()
  for (const { generation, heads } of guides) {
    const part = await bucket.get(objects.guidePart(owner, generation, heads))
    if (part === null) continue
    const text = await new Response(part.body.pipeThrough(new DecompressionStream("gzip"))).text()
    for (const line of text.split("\n")) if (line !== "") yield line
  }
}

/** Keeps the best of what it is shown: whose id or name is, begins with, or has what is searched for. */
class Search {
  readonly #wanted: string
  readonly #found: [rank: number, channel: GuideChannel][] = []

  constructor(wanted: string) {
    this.#wanted = wanted
  }

  look({ id, names, programmes }: GuideHead, source: string | null): void {
    const rank = Math.min(...[id, ...names].map((text) => rankOf(normaliseName(text), this.#wanted)))
    if (rank === Number.POSITIVE_INFINITY) return
    this.#found.push([rank, { id, names, source, programmes }])
    if (this.#found.length >= 20 * mostChannels)
      this.#found.splice(0, Number.POSITIVE_INFINITY, ...this.#ordered())
  }

  best(): GuideChannel[] {
    return this.#ordered().map(([, channel]) => channel)
  }

  #ordered() {
    return this.#found
      .toSorted(([a, { id: one }], [b, { id: other }]) => a - b || (one < other ? -1 : 1))
      .slice(0, mostChannels)
  }
}

function rankOf(text: string, wanted: string): number {
  if (text === wanted) return 0
  if (text.startsWith(wanted)) return 1
  return text.includes(wanted) ? 2 : Number.POSITIVE_INFINITY
}
