import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"

/** Which core what is measured runs on, and which one everything else. Null: nothing is pinned. */
export interface Cores {
  server: number
  others: number
}

/** Two of the cores that this process may use; null with a reason where they, or `taskset`, are missing. */
export function findCores(): { cores: Cores | null; note: string } {
  const [server, others] = coresIn(readFileSync("/proc/self/status", "utf8"))
  if (server === undefined || others === undefined)
    return {
      cores: null,
      note: "there is one core only: nothing is pinned, and the load takes of the server's",
    }
  if (spawnSync("taskset", ["--version"]).error !== undefined)
    return { cores: null, note: "taskset (Debian: util-linux) is missing: nothing is pinned to a core" }
  return {
    cores: { server, others },
    note: `what is measured is pinned to core ${server}, everything else to core ${others}`,
  }
}

/** The cores that a process may use, by its `/proc/{pid}/status`. */
export function coresIn(status: string): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? ""
  return [...list.matchAll(/(\d+)(?:-(\d+))?/g)].flatMap(([, from, to = from]) => {
    const [first, last] = [Number(from), Number(to)]
    return Array.from({ length: last - first + 1 }, (_, index) => first + index)
  })
}

/** A command that runs on that core from its first instruction on, with all of its threads and children. */
export function onCore(
  core: number | null,
  program: string,
  args: readonly string[],
): { program: string; arguments: string[] } {
  if (core === null) return { program, arguments: [...args] }
  return { program: "taskset", arguments: ["--cpu-list", String(core), program, ...args] }
}

/** Moves a process with all of its threads; what it starts later follows. One that is gone stays gone. */
export function moveToCore(core: number, pid: number): void {
  spawnSync("taskset", ["--all-tasks", "--cpu-list", "--pid", String(core), String(pid)])
}
