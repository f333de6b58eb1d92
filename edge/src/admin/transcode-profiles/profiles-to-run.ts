import type { TranscodeProfileRecords } from "@tributary/shared/store/change-transcode-profile"
import { writtenProfile } from "@tributary/shared/store/transcode-profiles"
import { builtInProfiles } from "@tributary/shared/transcode/built-in"
import { variantProblems } from "@tributary/shared/transcode/check-variants"
import type { TranscodeProfileConfig } from "@tributary/shared/transcode/profile-config"

export type ProfilesToRun =
  | { ok: true; profiles: TranscodeProfileConfig[] }
  /** The message begins with the path of what is wrong. */
  | { ok: false; message: string }

/** What has to be run to try a profile: itself, or the variants that an adaptive one names, as they are in force. */
export function profilesToRun(
  profile: TranscodeProfileConfig,
  records: TranscodeProfileRecords,
): ProfilesToRun {
  const { id, variants } = profile
  if (variants === undefined) return { ok: true, profiles: [profile] }
  const others = [...records.values()].filter((record) => record.id !== id)
  const problem = variantProblems([...others, profile]).find((one) => one.profile === id)
  if (problem !== undefined) return { ok: false, message: `variants[${problem.at}]: ${problem.message}` }
  return { ok: true, profiles: variants.flatMap((variant) => written(variant, records) ?? []) }
}

function written(id: string, records: TranscodeProfileRecords): TranscodeProfileConfig | undefined {
  const record = records.get(id)
  if (record !== undefined) {
    const { origin: _, ...profile } = record
    return profile
  }
  const builtIn = builtInProfiles.find((profile) => profile.id === id)
  return builtIn && writtenProfile(builtIn)
}
