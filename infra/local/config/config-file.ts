import { readFile } from "node:fs/promises"
import type { SourceConfig } from "@tributary/shared/config/config-file"
import { type ConfigFile, configFileSchema } from "@tributary/shared/config/config-file"
import { describeIssue } from "@tributary/shared/config/describe-issue"
import { parseSourceList } from "@tributary/shared/config/source-list"
import { SettingError } from "../setting-error.ts"

/** Reads `CONFIG_FILE`. Throws a SettingError that names the file and the place in it. */
export async function readConfigFile(path: string): Promise<ConfigFile> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new SettingError(`CONFIG_FILE: ${path} cannot be read (${error.code ?? error.message})`)
  })
  const parsed = configFileSchema.safeParse(parseJson(path, text))
  if (!parsed.success) throw new SettingError(`CONFIG_FILE: ${path}: ${describeIssue(parsed.error)}`)
  return parsed.data
}

/** Reads `SOURCES`. Throws a SettingError that names the bad entry. */
export async function readSourceList(text: string): Promise<SourceConfig[]> {
  const result = await parseSourceList(text)
  if (!result.ok) throw new SettingError(result.message)
  return result.sources
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const reason = (error as SyntaxError).message.replaceAll(/\s+/g, " ")
    throw new SettingError(`CONFIG_FILE: ${path} is not valid JSON: ${reason}`)
  }
}
