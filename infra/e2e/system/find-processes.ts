import { readdir, readFile } from "node:fs/promises"

/**
 * Ids of the running processes that have `variable` in their environment, or `marker` in their command
 * (Redis writes its title over its environment), and `text` in their command.
 */
export async function processesWith(variable: string, marker: string, text: string): Promise<number[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    ids.map(async (id) => {
      const read = (file: string) => readFile(`/proc/${id}/${file}`, "utf8").catch(() => "")
      const [environment, cmdline] = await Promise.all([read("environ"), read("cmdline")])
      const command = cmdline.replaceAll("\0", " ")
      const isOurs = environment.split("\0").includes(variable) || command.includes(marker)
      return isOurs && command.includes(text) ? [Number(id)] : []
    }),
  )
  return found.flat()
}

/** A running process' environment, as `NAME=value`. */
export async function environmentOf(id: number): Promise<string[]> {
  const text = await readFile(`/proc/${id}/environ`, "utf8").catch(() => "")
  return text.split("\0")
}
