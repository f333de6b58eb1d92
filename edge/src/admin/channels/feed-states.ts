import type { Feed } from "@tributary/shared/catalogue/entry"
import { type AddressProblem, addressProblem, feedNeeds } from "@tributary/shared/catalogue/feed-needs"
import { keys } from "@tributary/shared/store/keys"
import { readSourceRecords } from "@tributary/shared/store/read-config"
import type { FeedHealth } from "@tributary/shared/store/records"
import type { Edge } from "../../edge.ts"
import { fromStore } from "../../store-unavailable.ts"

/** What stands in the way of a feed. */
export interface FeedState {
  /** How it has been failing; null: it has not. Times are Unix milliseconds. */
  health: FeedHealth | null
  /** Provider profiles that cannot open it, as its address cannot be made with their own parts. */
  passedOver: { profile: string; reason: AddressProblem }[]
}

/** The state of each of a channel's feeds, by its id. */
export async function readFeedStates(edge: Edge, feeds: readonly Feed[]): Promise<Map<string, FeedState>> {
  if (feeds.length === 0) return new Map()
  const [sources, health] = await fromStore(
    Promise.all([
      readSourceRecords(edge.redis),
      edge.redis.mget<(string | null)[]>(...feeds.map(({ id }) => keys.feedHealth(id))),
    ]),
  )
  return new Map(
    feeds.map(({ id, source, locator }, at) => {
      const text = health[at] ?? null
      const passedOver = (sources.get(source)?.profiles ?? []).flatMap((profile) => {
        const reason = addressProblem(feedNeeds(locator), profile)
        return reason === null ? [] : [{ profile: profile.id, reason }]
      })
      return [id, { health: text === null ? null : (JSON.parse(text) as FeedHealth), passedOver }]
    }),
  )
}
