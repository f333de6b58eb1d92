import { Group, NativeSelect, TextInput } from "@mantine/core"
import { IconSearch } from "@tabler/icons-react"
import { type StreamOrder, streamOrders } from "./stream-groups.ts"

const orderWords: Record<StreamOrder, string> = {
  ...{ viewers: "Most viewers first", bitrate: "Highest bitrate first", name: "By name" },
}

interface StreamFilterProps {
  text: string
  order: StreamOrder
  onText: (text: string) => void
  onOrder: (order: StreamOrder) => void
}

/** Which streams are shown, and in which order. */
export function StreamFilter({ text, order, onText, onOrder }: StreamFilterProps) {
  return (
    <Group gap="sm" align="flex-end">
      <TextInput
        type="search"
        label="Search"
        placeholder="Channel, source, streamer"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={text}
        onChange={(event) => onText(event.currentTarget.value)}
        flex={1}
        miw={200}
        maw={360}
      />
      <NativeSelect
        label="Order"
        data={streamOrders.map((value) => ({ value, label: orderWords[value] }))}
        value={order}
        onChange={(event) => onOrder(event.currentTarget.value as StreamOrder)}
      />
    </Group>
  )
}
