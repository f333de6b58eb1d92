/** Whose list it is. */
export interface ListOwner {
  /** Scheme, host and port, which the addresses begin with. */
  server: string
  username: string
  password: string
}

const countries = ["UK", "US", "DE", "FR", "ES", "IT", "PL", "TR", "BR", "SE"] as const
const themes = ["General", "Sport", "Movies", "Kids", "News", "Music", "Docs", "Regional"] as const
const names = [
  "BBC One",
  "Sky Cinema",
  "Das Erste",
  "Canal+ Décalé",
  "Télé 7",
  "Eurosport",
  "TVN Łódź",
] as const
const qualities = ["HD", "FHD", "SD", "4K", "HEVC"] as const

/** Any number of `0` to `2^32 - 1` of it, so that neighbours are not alike. */
const mixed = (number: number) => Math.imul(number ^ (number >>> 15), 0x2c1b3c6d) >>> 0
const of = <T>(items: readonly [T, ...T[]], number: number): T => items[number % items.length] ?? items[0]

/**
 * An entry of a list as panels send them, of some 220 bytes: the same number gives the same one, another number
 * another channel. `edition` changes the logo only.
 */
export function m3uEntry(number: number, { server, username, password }: ListOwner, edition = 0): string {
  const any = mixed(number)
  const country = of(countries, any)
  const digits = String(number).padStart(7, "0")
  const name = `${country}: ${of(names, any >>> 4)} ${digits} ${of(qualities, any >>> 8)}`
  const group = `${country} | ${of(themes, any >>> 12)}`
  const logo = `http://logos.test/${edition === 0 ? "c" : `e${edition}`}/${digits}.png`
  return (
    `#EXTINF:-1 tvg-id="${tvgId(number)}" tvg-name="${name}" tvg-logo="${logo}" group-title="${group}",${name}\n` +
    `${server}/live/${username}/${password}/${number}.ts\n`
  )
}

/** The guide's name of the channel with this number. */
export function tvgId(number: number): string {
  return `c${number}.${of(countries, mixed(number)).toLowerCase()}`
}
