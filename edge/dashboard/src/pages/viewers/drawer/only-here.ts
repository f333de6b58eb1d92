/** Whether an address is this machine's own, which no other device reaches. */
export function isOnlyHere(baseUrl: string): boolean {
  const host = URL.parse(baseUrl)?.hostname ?? ""
  return (
    host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127(?:\.\d+){3}$/.test(host)
  )
}
