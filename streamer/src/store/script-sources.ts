import { readFileSync } from "node:fs"
import { type PartName, partFiles } from "@tributary/shared/lease/script-parts"
import type { ScriptSources } from "@tributary/shared/lease/scripts"

/** Reads the Redis scripts from the shared package's files. */
export function readScriptSources(): ScriptSources {
  const folder = import.meta.resolve("@tributary/shared/lease/scripts")
  const read = (file: string) => readFileSync(new URL(file, folder), "utf8")
  return Object.fromEntries(
    Object.entries(partFiles).map(([name, file]) => [name as PartName, read(file)]),
  ) as ScriptSources
}
