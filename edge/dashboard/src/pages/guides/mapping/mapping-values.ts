import type { ChannelEdit } from "@tributary/shared/catalogue/edit"

/** What the form of a channel's mapping holds; empty: found by the channel's tvg-id and name, and not shifted. */
export type MappingValues = {
  guideId: string
  guideShiftMinutes: number | string
}

export const mappingOf = (edit: ChannelEdit | null): MappingValues => ({
  guideId: edit?.guideId ?? "",
  guideShiftMinutes: edit?.guideShiftMinutes ?? "",
})

/** The body of `PATCH /api/channels/{id}`: only what is not as it is stored; null takes it back. */
export function mappingChange(values: MappingValues, stored: MappingValues): Record<string, unknown> {
  const id = values.guideId.trim()
  const shift = values.guideShiftMinutes
  return {
    ...(id === stored.guideId ? {} : { guideId: id === "" ? null : id }),
    ...(shift === stored.guideShiftMinutes
      ? {}
      : { guideShiftMinutes: shift === "" || shift === 0 ? null : shift }),
  }
}
