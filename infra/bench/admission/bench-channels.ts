import type { PlaylistEntry } from "../../e2e/system/playlist.ts"
import { defaultChannels } from "../../local/demo-provider/channels.ts"

/** A channel as players know it, and where the provider itself has it. */
export interface BenchChannel {
  id: string
  providerUrl: string
}

/** A provider's account, by which its addresses are made. */
export interface ProviderAccount {
  server: string
  username: string
  password: string
}

const radioId = defaultChannels.find(({ recipe }) => recipe.picture === null)?.id
const liveAddress = ({ server, username, password }: ProviderAccount, id: number | undefined) =>
  `${server}/live/${username}/${password}/${id}.ts`

/** An address of its own for each number; the provider's only radio channel, with few bytes, is behind all of them. */
const radioAddress = (account: ProviderAccount, number: number) =>
  `${liveAddress(account, radioId)}?n=${number}`

/** A list of so many channels, none of which is another. */
export function* radioList(entries: number, account: ProviderAccount): Generator<string> {
  yield "#EXTM3U\n"
  for (let number = 1; number <= entries; number++) {
    const name = `Bench radio ${number}`
    yield `#EXTINF:-1 tvg-id="radio.${number}" group-title="Radio",${name}\n${radioAddress(account, number)}\n`
  }
}

/** The channels of `radioList`, as a playlist has them. */
export function radioIn(playlist: readonly PlaylistEntry[], account: ProviderAccount): BenchChannel[] {
  return playlist.flatMap(({ name, url }) => {
    const number = /^Bench radio (\d+)$/.exec(name)?.[1]
    return number === undefined ? [] : [channelAt(url, radioAddress(account, Number(number)))]
  })
}

/** The demo provider's channels with a picture, as a playlist has them; at the provider they are this account's. */
export function televisionIn(playlist: readonly PlaylistEntry[], account: ProviderAccount): BenchChannel[] {
  return playlist.flatMap(({ name, url }) => {
    const demo = defaultChannels.find((channel) => channel.name === name && channel.recipe.picture !== null)
    return demo === undefined ? [] : [channelAt(url, liveAddress(account, demo.id))]
  })
}

function channelAt(url: string, providerUrl: string): BenchChannel {
  const id = /\/stream\/(\d+)/.exec(url)?.[1]
  if (id === undefined) throw new Error(`no channel's address: ${url}`)
  return { id, providerUrl }
}
