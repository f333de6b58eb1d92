import { type Provider, urlTemplate } from "../catalogue/url-template.ts"

const guideAttribute = /(?:^|\s)(x-tvg-url|url-tvg|tvg-url)=(?:"([^"]*)"?|(\S*))/gi
const isTemplate = /^(?:\{server\}|https?:\/\/)/

/** Templates of the guides that an `#EXTM3U` line names; one attribute may name several, and so may a list. */
export function guideAddresses(line: string, provider: Provider): string[] {
  const addresses = Array.from(line.matchAll(guideAttribute), ([, , quoted, bare]) => quoted ?? bare ?? "")
  const templates = addresses.flatMap(separate).map((address) => urlTemplate(address, provider))
  return templates.filter((template) => template !== null && isTemplate.test(template)) as string[]
}

/** A comma separates addresses where one follows it; else it may be a part of one. */
function separate(addresses: string): string[] {
  const words = addresses.split(/,+\s*(?=[a-z][a-z0-9+.-]*:\/\/)|[\s,]*\s+/i)
  return words
    .flatMap((word) => (word.includes("://") ? [word.replace(/,+$/, "")] : word.split(",")))
    .filter((word) => word !== "")
}
