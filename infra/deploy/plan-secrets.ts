import {
  type DeploySettings,
  requiredSecrets,
  type SecretName,
  type SettingName,
  secretNames,
} from "./deploy-settings.ts"

export interface SecretPlan {
  /** Known here: they are uploaded. */
  upload: SecretName[]
  /** On the Worker, and not known here: they stay as they are. */
  keep: SecretName[]
  /** Nowhere, and made here of random bytes. */
  generate: SecretName[]
  /** Nowhere, and only their owner knows them. */
  ask: SettingName[]
}

const made: ReadonlySet<SecretName> = new Set(["TRIBUTARY_SECRET", "ADMIN_TOKEN"])

/**
 * What is to be done about each secret. `TRIBUTARY_SECRET` is only made where none is in force: another one could not open
 * what the first one sealed.
 */
export function planSecrets(settings: DeploySettings, onWorker: ReadonlySet<string>): SecretPlan {
  const upload = secretNames.filter((name) => settings[name] !== undefined)
  const keep = secretNames.filter((name) => settings[name] === undefined && onWorker.has(name))
  const nowhere = requiredSecrets.filter((name) => settings[name] === undefined && !onWorker.has(name))
  return {
    upload,
    keep,
    generate: nowhere.filter((name) => made.has(name)),
    ask: [
      ...(settings.BASE_URL === undefined ? (["BASE_URL"] as const) : []),
      ...nowhere.filter((name) => !made.has(name)),
    ],
  }
}
