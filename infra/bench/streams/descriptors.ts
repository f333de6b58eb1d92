import { readFileSync } from "node:fs"

/** How many files and sockets a process may have open, by `/proc/{pid}/limits`. */
export function descriptorLimitIn(limits: string): number {
  const soft = /^Max open files\s+(\S+)/m.exec(limits)?.[1] ?? ""
  return soft === "unlimited" ? Number.POSITIVE_INFINITY : Number(soft)
}

// Beside one for each viewer: modules, pipes, the store's and the provider's connections.
const others = 200

/** Throws when a process may not have so many viewers. */
export function requireDescriptors(pid: number, viewers: number): void {
  const limit = descriptorLimitIn(readFileSync(`/proc/${pid}/limits`, "utf8"))
  if (limit < viewers + others)
    throw new Error(
      `${viewers} viewers need ${viewers + others} open files, allowed are ${limit} (ulimit -n)`,
    )
}
