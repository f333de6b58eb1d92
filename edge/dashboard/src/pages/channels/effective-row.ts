import type { ChannelRow } from "@tributary/shared/admin-api/channels"
import type { ChannelEdit } from "@tributary/shared/catalogue/edit"

type Feed = ChannelRow["feeds"][number]

/** What is shown of a channel: as it is published, with what was changed since. */
export interface EffectiveRow extends ChannelRow {
  alwaysOn: boolean
  /** Whether a user changed anything of it. */
  edited: boolean
  /** Whether the next publication has still to bring one of these changes. */
  pending: boolean
}

/** A row as it will be published. What an edit that was taken back gives way to only the publication shows. */
export function effectiveRow(row: ChannelRow): EffectiveRow {
  const { edit } = row
  const shown = {
    name: edit?.name ?? row.name,
    groups: edit?.groups ?? row.groups,
    number: edit?.number ?? row.number,
    // Nothing but an edit hides a channel.
    hidden: edit?.hidden ?? false,
    feeds: inOrder(row.feeds, edit?.feeds ?? []),
  }
  const isPending =
    shown.name !== row.name ||
    shown.number !== row.number ||
    shown.hidden !== row.hidden ||
    !isSame(shown.groups, row.groups) ||
    shown.feeds.some((feed, at) => feed.id !== row.feeds[at]?.id)
  const logo = edit?.logo ?? row.logo
  return {
    ...row,
    ...shown,
    logo,
    alwaysOn: edit?.alwaysOn ?? false,
    edited: edit !== null,
    pending: isPending || logo !== row.logo,
  }
}

/** Feeds that are named come first, in that order; the others follow in their own. */
export function inOrder<Item extends Feed>(
  feeds: readonly Item[],
  order: NonNullable<ChannelEdit["feeds"]>,
): Item[] {
  const place = new Map(order.map((id, at) => [id, at]))
  const placeOf = ({ id }: Item) => place.get(id) ?? order.length
  return feeds.toSorted((one, other) => placeOf(one) - placeOf(other))
}

const isSame = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && one.every((item, at) => item === other[at])
