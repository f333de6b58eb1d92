import type { Channel } from "./group-channels.ts"

/** Each channel's text, of all channels and of each group by its name, in the channels' order. */
export interface TextsByGroup {
  all: string[]
  groups: Map<string, string[]>
}

/** Renders each channel once, and lists the text under every group that the channel is in. */
export function renderByGroup(
  channels: readonly Channel[],
  render: (channel: Channel, index: number) => string,
): TextsByGroup {
  const groups = new Map<string, string[]>()
  const all = channels.map((channel, index) => {
    const text = render(channel, index)
    for (const group of channel.groups) {
      const texts = groups.get(group)
      if (texts === undefined) groups.set(group, [text])
      else texts.push(text)
    }
    return text
  })
  return { all, groups }
}
