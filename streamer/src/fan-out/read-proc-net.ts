import { readFile } from "node:fs/promises"

/** The kernel's tables of TCP connections over IPv4 and IPv6, one after the other; null on systems without. */
export async function readProcNet(): Promise<string | null> {
  const tables = await Promise.all(
    ["/proc/net/tcp", "/proc/net/tcp6"].map((path) => readFile(path, "latin1").catch(() => "")),
  )
  const all = tables.join("\n")
  return all.trim() === "" ? null : all
}
