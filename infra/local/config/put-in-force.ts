import type { ConfigFile, SourceConfig } from "@tributary/shared/config/config-file"
import { sourceSchema, viewerSchema } from "@tributary/shared/config/config-file"
import type { SettingsInput } from "@tributary/shared/config/settings"
import type { Keys } from "@tributary/shared/secrets/keys"
import { unseal } from "@tributary/shared/secrets/seal"
import { saveEpg } from "@tributary/shared/store/epg"
import { readSourceRecords, readViewerRecords } from "@tributary/shared/store/read-config"
import { replaceSettings, saveSources, saveViewers } from "@tributary/shared/store/save-config"
import { saveTranscodeProfiles } from "@tributary/shared/store/transcode-profiles"
import type { Redis } from "@upstash/redis"

export interface NamedConfig {
  file: ConfigFile | null
  /** From `SOURCES`. */
  sources: SourceConfig[] | null
  /** From the environment: wins over the file. */
  settings: Partial<SettingsInput>
}

const demoSource = {
  id: "demo",
  name: "Demo provider",
  type: "xtream",
  username: "demo",
  password: "demo",
} as const

/**
 * Writes what file and environment name into the store; what they do not name stays as it is there. With no
 * source at all the demo provider becomes one, until there is another. True when the demo is needed.
 */
export async function putInForce(
  redis: Redis,
  keys: Keys,
  { file, sources, settings }: NamedConfig,
  demoUrl: string,
): Promise<{ demo: boolean }> {
  await replaceSettings(redis, { ...file?.settings, ...settings })
  if (file?.sources !== undefined) await saveSources(redis, keys, file.sources, "file", { replace: true })
  if (sources !== null) await saveSources(redis, keys, sources, "environment", { replace: true })
  if (file?.viewers !== undefined) await saveViewers(redis, keys, file.viewers, "file", { replace: true })
  if (file?.epg !== undefined) await saveEpg(redis, keys, file.epg)
  if (file?.transcodeProfiles !== undefined)
    await saveTranscodeProfiles(redis, file.transcodeProfiles, "file", { replace: true })
  const configured = [...(await readSourceRecords(redis)).values()]
  const demo = configured.every((record) => record.origin === "demo")
  const wanted = demo ? [sourceSchema.parse({ ...demoSource, url: demoUrl })] : []
  await saveSources(redis, keys, wanted, "demo", { replace: true })
  return { demo }
}

/** A viewer to try, with their password: the first of the file, another stored one, or one made for it. */
export async function viewerToTry(
  redis: Redis,
  keys: Keys,
  file: ConfigFile | null,
  password: string,
): Promise<{ username: string; password: string }> {
  const stored = await readViewerRecords(redis)
  const configured = [...stored]
    .filter(([, record]) => record.origin !== "demo" && record.enabled)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const first = file?.viewers?.find(({ enabled }) => enabled)?.username
  const chosen = configured.find(([username]) => username === first) ?? configured[0]
  if (chosen === undefined) {
    const viewer = viewerSchema.parse({ username: "viewer", password })
    await saveViewers(redis, keys, [viewer], "demo", { replace: true })
    return { username: "viewer", password }
  }
  await saveViewers(redis, keys, [], "demo", { replace: true })
  const [username, record] = chosen
  return { username, password: String(await unseal(keys, record.sealedPassword)) }
}
