import type { Look } from "./look.ts"

export const storeConnections = ({ socketPeers }: Pick<Look, "socketPeers">) => socketPeers.gateway ?? 0

/** What must be back at the end to what it was before the first viewer, by its name. */
export function countsOf(look: Look): Record<string, number> {
  const { otherDescriptors, resources, leases, sessions, liveRecords, connections } = look
  return {
    // Those to the store are kept for as long as it likes, and reported apart.
    sockets: look.sockets - storeConnections(look),
    ...{ otherDescriptors, leases, sessions, liveRecords, connections },
    timers: resources.Timeout ?? 0,
    socketHandles: (resources.TCPSocketWrap ?? 0) + (resources.PipeWrap ?? 0),
  }
}

/** The most of each: what comes and goes by itself (a beat's request, its timer) is no leftover. */
export function mostOf(looks: readonly Look[]): Record<string, number> {
  const all = looks.map(countsOf)
  const names = Object.keys(all[0] ?? {})
  return Object.fromEntries(names.map((name) => [name, Math.max(...all.map((counts) => counts[name] ?? 0))]))
}

/** What there is more of than before, and how much. */
export function leftovers(before: Readonly<Record<string, number>>, look: Look): Record<string, number> {
  const more = Object.entries(countsOf(look)).map(
    ([name, count]) => [name, count - (before[name] ?? 0)] as const,
  )
  return Object.fromEntries(more.filter(([, count]) => count > 0))
}
