import type { Entry } from "@tributary/shared/catalogue/entry"
import { concealProvider } from "../catalogue/conceal-provider.ts"
import { namesProvider, type Provider } from "../catalogue/url-template.ts"

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

  // A login may be percent-encoded in any way.
  const isSuspect = (text: string) =>
    text.includes(password) || text.includes("%") || text.toLowerCase().includes(hostname)

  /** `urlTemplate`, for addresses so plain that it is known without parsing them. */
  const plainTemplate = (text: string) => {
    if (!text.startsWith(`${origin}/`)) return null
    const path = text.slice(origin.length)
    return plainPath.test(path) && !path.includes(password) ? `{server}${path}` : null
  }

  const isSecret = (text: string) => isSuspect(text) && namesProvider(text, provider)

  return (entry) => {
    const { details } = entry
    // Logos are served by us; nothing serves these.
    if (details?.backdrop !== undefined && isSecret(details.backdrop)) delete details.backdrop
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
