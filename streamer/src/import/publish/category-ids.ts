import { categoryId } from "@tributary/shared/catalogue/category-id"
import { field, groupEnd } from "../catalogue/record.ts"
import type { ChannelSet } from "./channel-set.ts"

/** The Xtream categories of channels, as JSON members; remembered by their groups, which most channels share. */
export class CategoryIds {
  readonly #known = new Map<string, string>()

  /** Leaves the channel's face open. */
  of(channels: ChannelSet, channel: number): string {
    const { bytes, starts, ends } = channels.records.open(channels.face[channel] as number)
    const groups = bytes.toString("latin1", starts[field.groups], ends[field.groups])
    const known = this.#known.get(groups)
    if (known !== undefined) return known
    const text = channels.records.text("groups")
    const ids = text === "" ? [] : text.split(String.fromCharCode(groupEnd)).map(categoryId)
    const members = `"category_id":"${ids[0] ?? "0"}","category_ids":[${ids.join(",")}]`
    this.#known.set(groups, members)
    return members
  }
}
