import type { Entry } from "@tributary/shared/catalogue/entry"
import { namesProvider, type Provider, urlTemplate } from "./url-template.ts"

/**
 * An entry whose attributes name neither the provider's server nor its account. A logo on that server
 * becomes a template, served by us; other such values (catch-up addresses) are left out.
 */
export function concealProvider(entry: Entry, provider: Provider): Entry {
  if (!entry.attributes.some(([, value]) => namesProvider(value, provider))) return entry
  let logo: string | undefined
  const attributes = entry.attributes.flatMap(([name, value]): [string, string][] => {
    if (!namesProvider(value, provider)) return [[name, value]]
    if (name.toLowerCase() !== "tvg-logo") return []
    logo = urlTemplate(value, provider) ?? undefined
    return [[name, ""]]
  })
  return { ...entry, attributes, ...(logo === undefined ? {} : { logo }) }
}
