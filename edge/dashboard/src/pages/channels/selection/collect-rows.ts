import type { ChannelPage, ChannelRow } from "@tributary/shared/admin-api/channels"

/** The most rows that the API gives at once. */
const mostRows = 500

/**
 * The rows from `first` on, `most` at most; fewer when the list ends. `onRows` hears how many are there. What
 * `fetchPart` throws is thrown.
 */
export async function collectRows(
  fetchPart: (offset: number, limit: number) => Promise<ChannelPage>,
  first: number,
  most: number,
  onRows: (count: number) => void = () => undefined,
): Promise<ChannelRow[]> {
  const rows: ChannelRow[] = []
  for (;;) {
    const limit = Math.min(mostRows, most - rows.length)
    if (limit <= 0) return rows
    const { channels } = await fetchPart(first + rows.length, limit)
    rows.push(...channels)
    onRows(rows.length)
    if (channels.length < limit) return rows
  }
}
