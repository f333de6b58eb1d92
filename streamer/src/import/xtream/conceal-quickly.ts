import type { Entry } from "@tributary/shared/catalogue/entry"
import { concealProvider } from "../catalogue/conceal-provider.ts"
import { namesProvider, type Provider, urlTemplate } from "../catalogue/url-template.ts"

// Parts of an address that URL parsing leaves as they are.
const plainPath = /^(?:\/[\w-]+)+(?:\.\w+)?$/

/**
 * A `concealProvider` for all entries of one provider's lists, whose details may show no more than their attributes.
 * It changes the entry that it is given. Only what may name the provider at all is looked at with care: on most
 * lists that is nothing, and it took most of an entry's time to find that out.
 */
export function concealmentOf(provider: Provider): (entry: Entry) => Entry {
  if (provider.login === null) return (entry) => entry
  const { hostname, origin } = new URL(provider.url)
  const { password } = provider.login

  const namesHost = (text: string) => text.toLowerCase().includes(hostname)
  // A login may be percent-encoded in any way.
  const isSuspect = (text: string) => text.includes(password) || text.includes("%") || namesHost(text)

  /** `urlTemplate`, for addresses so plain that it is known without parsing them. */
  const plainTemplate = (text: string) => {
    if (!text.startsWith(`${origin}/`)) return null
    const path = text.slice(origin.length)
    const isTelling = path.includes(password) || namesHost(path)
    return plainPath.test(path) && !isTelling ? `{server}${path}` : null
  }

  const isSecret = (text: string) => isSuspect(text) && namesProvider(text, provider)

  /** null when even its template names the provider. */
  const template = (text: string) => {
    const plain = plainTemplate(text)
    if (plain !== null) return plain
    const made = urlTemplate(text, provider)
    return made === null || namesProvider(made, provider) ? null : made
  }

  return (entry) => {
    const { details } = entry
    if (details?.backdrop !== undefined && isSecret(details.backdrop)) {
      const backdrop = template(details.backdrop)
      if (backdrop === null) delete details.backdrop
      else details.backdrop = backdrop
    }
    // Nothing fills a trailer's template in.
    if (details?.trailer !== undefined && isSecret(details.trailer)) delete details.trailer
    const [suspect, ...others] = entry.attributes.filter(([, value]) => isSuspect(value))
    if (suspect === undefined) return entry
    const logo = others.length === 0 && suspect[0] === "tvg-logo" ? plainTemplate(suspect[1]) : null
    if (logo === null) return concealProvider(entry, provider)
    suspect[1] = ""
    entry.logo = logo
    return entry
  }
}
