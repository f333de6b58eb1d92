import type { PlaylistEntry } from "../../e2e/system/playlist.ts"

/** A provider's account, by which its addresses are made. */
export interface ProviderAccount {
  server: string
  username: string
  password: string
}

/** A channel as players know it, and where the provider has it. */
export interface StreamChannel {
  /** Its path at the edge, with the credentials of the playlist's viewer. */
  path: string
  /** Of its first feed. */
  providerUrl: string
}

/** By its feeds: channels of the provider, of which each may be behind many of ours. */
export type ListedChannel = readonly number[]

// Each address is another, so that what is one channel for the provider may be many for us.
function feedUrl({ server, username, password }: ProviderAccount, id: number, number: number): string {
  return `${server}/live/${username}/${password}/${id}.ts?n=${number}`
}

/** A list in which entries of one name are feeds of one channel. */
export function* benchList(channels: readonly ListedChannel[], account: ProviderAccount): Generator<string> {
  yield "#EXTM3U\n"
  for (const [number, feeds] of channels.entries())
    for (const id of feeds)
      yield `#EXTINF:-1 group-title="Bench",Bench channel ${number}\n${feedUrl(account, id, number)}\n`
}

/** The list's channels, in its order, as a playlist has them; throws when one is missing. */
export function channelsIn(
  playlist: readonly PlaylistEntry[],
  channels: readonly ListedChannel[],
  account: ProviderAccount,
): StreamChannel[] {
  const urls = new Map(playlist.map(({ name, url }) => [name, new URL(url)]))
  return channels.map(([first], number) => {
    const url = urls.get(`Bench channel ${number}`)
    if (url === undefined || first === undefined) throw new Error(`the playlist has no channel ${number}`)
    return { path: url.pathname + url.search, providerUrl: feedUrl(account, first, number) }
  })
}
