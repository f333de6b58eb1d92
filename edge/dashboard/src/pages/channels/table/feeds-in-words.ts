/** `3 · acme, beta`: how many feeds there are and of which sources. */
export function feedsInWords(feeds: readonly { source: string }[]): string {
  const sources = [...new Set(feeds.map(({ source }) => source))]
  return sources.length === 0 ? "0" : `${feeds.length} · ${sources.join(", ")}`
}
