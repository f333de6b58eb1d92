import { writeFile } from "node:fs/promises"
import { join } from "node:path"

/** Writes a `CONFIG_FILE` into a folder and gives its path. */
export async function writeConfig(folder: string, config: unknown): Promise<string> {
  const path = join(folder, "config.json")
  await writeFile(path, typeof config === "string" ? config : JSON.stringify(config))
  return path
}
