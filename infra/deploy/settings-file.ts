import { appendFile, readFile, stat } from "node:fs/promises"
import { parseEnv } from "node:util"
import { readDeploySettings, type SettingName, type SettingsResult } from "./deploy-settings.ts"

/** The settings and secrets of an installation, in one file of `NAME=value` lines that only its owner may read. */
export class SettingsFile {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  /** A missing file has no settings. `problem` names the file or the variable. */
  async read(): Promise<SettingsResult> {
    try {
      const text = await readFile(this.path, "utf8")
      const { mode } = await stat(this.path)
      if ((mode & 0o077) !== 0)
        return { ok: false, problem: `${this.path} can be read by others: chmod 600 ${this.path}` }
      return readDeploySettings(parseEnv(text))
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code === "ENOENT") return readDeploySettings({})
      return { ok: false, problem: `${this.path} cannot be read (${code ?? message})` }
    }
  }

  /** Adds a setting at the end, before anything is done with it: a secret that is in force must never be lost. */
  async add(name: SettingName, value: string): Promise<void> {
    await appendFile(this.path, `${name}='${value}'\n`, { mode: 0o600 })
  }
}
