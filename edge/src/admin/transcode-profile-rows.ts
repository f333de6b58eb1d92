import type { TranscodeProfileRecords } from "@tributary/shared/store/change-transcode-profile"
import type { TranscodeProfileRecord } from "@tributary/shared/store/records"
import { writtenProfile } from "@tributary/shared/store/transcode-profiles"
import { builtInProfiles } from "@tributary/shared/transcode/built-in"
import type { TranscodeProfileConfig } from "@tributary/shared/transcode/profile-config"

/** A transcode profile as the admin API shows it: as it was written, in one of its three forms. */
export type TranscodeProfileRow = TranscodeProfileConfig & {
  name: string
  /** It is always there; where it was replaced, deleting the replacement brings it back. */
  builtIn: boolean
  /** Where it was configured; null: it is a built-in one that nobody has replaced. */
  origin: TranscodeProfileRecord["origin"] | null
}

const builtInIds = new Set(builtInProfiles.map(({ id }) => id))

/** The built-in ones in their order, then the others by id. */
export function transcodeProfileRows(records: TranscodeProfileRecords): TranscodeProfileRow[] {
  const builtIn = builtInProfiles.map((profile): TranscodeProfileRow => {
    const record = records.get(profile.id)
    return record === undefined
      ? { ...writtenProfile(profile), name: profile.name, builtIn: true, origin: null }
      : rowOf(record)
  })
  return [...builtIn, ...[...records.values()].filter(({ id }) => !builtInIds.has(id)).map(rowOf)]
}

export function transcodeProfileRow(
  records: TranscodeProfileRecords,
  id: string,
): TranscodeProfileRow | undefined {
  return transcodeProfileRows(records).find((row) => row.id === id)
}

function rowOf(record: TranscodeProfileRecord): TranscodeProfileRow {
  const { id, output, variants } = record
  return {
    ...record,
    name: record.name ?? id,
    output: output ?? (variants === undefined ? "mpegts" : "hls"),
    builtIn: builtInIds.has(id),
  }
}
