import type { TranscodeProfileRow } from "@tributary/shared/admin-api/transcode-profiles"
import type { TranscodeProfileRecords } from "@tributary/shared/store/change-transcode-profile"
import type { TranscodeProfileRecord } from "@tributary/shared/store/records"
import { writtenProfile } from "@tributary/shared/store/transcode-profiles"
import { builtInProfiles } from "@tributary/shared/transcode/built-in"

const builtInIds = new Set(builtInProfiles.map(({ id }) => id))

/** The built-in ones in their order, then the others by id. */
export function transcodeProfileRows(records: TranscodeProfileRecords): TranscodeProfileRow[] {
  const builtIn = builtInProfiles.map((profile): TranscodeProfileRow => {
    const record = records.get(profile.id)
    return record === undefined
      ? {
          ...writtenProfile(profile),
          name: profile.name,
          output: profile.output,
          builtIn: true,
          origin: null,
        }
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
