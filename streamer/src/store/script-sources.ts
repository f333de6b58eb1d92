import { readFileSync } from "node:fs"
import { scriptFiles } from "@tributary/shared/lease/script-files"
import type { ScriptName, ScriptSources } from "@tributary/shared/lease/scripts"

/** Reads the Redis scripts from the shared package's files. */
export function readScriptSources(): ScriptSources {
  const folder = import.meta.resolve("@tributary/shared/lease/scripts")
  const read = (file: string) => readFileSync(new URL(file, folder), "utf8")
  return Object.fromEntries(
    Object.entries(scriptFiles).map(([name, file]) => [name as ScriptName, read(file)]),
  ) as Record<ScriptName, string>
}
